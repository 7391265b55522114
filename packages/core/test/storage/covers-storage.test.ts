import { expect, it } from "vitest";
import { coversStorage } from "../../src/storage/covers-storage.ts";

it.each([
  ["read:./data", "read:data", true],
  ["write:/srv/data", "read:data", true],
  ["write:./data", "write:data", true],
  ["read:./x at data", "read:data", true],
  ["read:./data", "write:data", false],
  ["read:./data at other", "read:data", false],
  ["private:cache", "private:cache", true],
  ["private:cache", "private:other", false],
  ["write:./cache", "private:cache", false],
  ["private:data", "read:data", false],
])("coversStorage() of %s and %s is %s", (granted, asked, covers) => {
  expect(coversStorage(granted, asked)).toBe(covers);
});
