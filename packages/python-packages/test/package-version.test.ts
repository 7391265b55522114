/** Versions and specifiers as PEP 440 has them. */
import { expect, test } from "vitest";
import {
  compareNewestFirst,
  fitsSpecifier,
  isSameVersion,
  isSpecifier,
  namesExactly,
  namesPrerelease,
} from "../src/package-version.ts";

test("compareNewestFirst() sorts epochs, pre-, post- and development releases", () => {
  const sorted = ["1!0.1", "2.0.post1", "2.0", "2.0rc1", "2.0b2", "2.0a1.dev3", "1.10", "1.9"];
  expect(sorted.toReversed().toSorted(compareNewestFirst)).toEqual(sorted);
});

test.each([
  ["1.4.2", "~=1.4.1", true],
  ["1.5", "~=1.4.1", false],
  ["1.4", "==1.4.0", true],
  ["1.4.7", "==1.4.*", true],
  ["1.4.7", "!=1.4.*", false],
  ["2.0rc1", "<2.0", false],
  ["2.0.post1", ">2.0", false],
  ["1.0+local", "==1.0", true],
  ["0.1", "", true],
])("fitsSpecifier() finds that %s in %s is %s", (version, specifier, expected) => {
  expect(fitsSpecifier(version, specifier)).toBe(expected);
});

test("isSpecifier() refuses what is none", () => {
  expect([">=1,<2", "", "~=1.2"].map(isSpecifier)).toEqual([true, true, true]);
  expect(["1.2", ">=x", "~=1", ">=1.*", "===1.0"].map(isSpecifier)).toEqual([false, false, false, false, false]);
});

test("namesExactly() and namesPrerelease() read the clauses", () => {
  expect(namesExactly(">=1,==1.4.0", "1.4")).toBe(true);
  expect(namesExactly("==1.4.*", "1.4")).toBe(false);
  expect(namesPrerelease(">=2.0b1")).toBe(true);
  expect(namesPrerelease("==2.*")).toBe(false);
  expect(isSameVersion("1.0", "1.0.0")).toBe(true);
  expect(isSameVersion("x", "x")).toBe(false);
});
