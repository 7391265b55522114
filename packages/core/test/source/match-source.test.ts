import { expect, test } from "vitest";
import { sourceMatches } from "../../src/source/match-source.ts";

const url = "https://git.example/org/repo";
const locked = { url, ref: "feature/x", path: "tools/weather" };

test("sourceMatches() is true when the source asks for what the lock holds", () => {
  expect(sourceMatches({ kind: "git", url, ref: "feature/x", path: "tools/weather" }, locked)).toBe(true);
  expect(sourceMatches({ kind: "git", url, path: "", refAndPath: "feature/x/tools/weather" }, locked)).toBe(true);
  expect(sourceMatches({ kind: "git", url, path: "", refAndPath: "feature/x/tools/weather/config.toml" }, locked)).toBe(
    true,
  );
  expect(sourceMatches({ kind: "git", url, path: "" }, { url, ref: "HEAD", path: "" })).toBe(true);
});

test("sourceMatches() is false when URL, ref or path differ", () => {
  expect(sourceMatches({ kind: "git", url: `${url}2`, ref: "feature/x", path: "tools/weather" }, locked)).toBe(false);
  expect(sourceMatches({ kind: "git", url, ref: "main", path: "tools/weather" }, locked)).toBe(false);
  expect(sourceMatches({ kind: "git", url, ref: "feature/x", path: "tools" }, locked)).toBe(false);
  expect(sourceMatches({ kind: "git", url, path: "", refAndPath: "feature/x/tools" }, locked)).toBe(false);
});
