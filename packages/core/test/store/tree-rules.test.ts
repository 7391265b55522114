import { describe, expect, test } from "vitest";
import { checkTreePaths, quoteName } from "../../src/store/tree-rules.ts";

describe("checkTreePaths()", () => {
  test("lets names pass when every disk can hold them", () => {
    const paths = ["config.toml", "src/main.py", "src/.gitignore", ".github/x", "a.git/b", "git~10", "日本/é", "a b"];
    expect(() => checkTreePaths(paths, "here")).not.toThrow();
  });

  test.each([
    ["..", ["a/../b"]],
    ["an empty segment", ["a//b"]],
    ["an absolute path", ["/a"]],
    [".git", [".git/config"]],
    [".GIT inside", ["a/.GIT/config"]],
    [".git with a dot behind", [".git./config"]],
    [".git in 8.3 form", ["GIT~1/config"]],
    [".git with an ignorable character", [".g\u200Cit/config"]],
    ["a backslash", ["a\\b"]],
    ["a drive", ["C:/x"]],
    ["a stream", ["main.py:hidden"]],
    ["a NUL byte", ["a\0b"]],
    ["an escape sequence", ["a\u001B[2Jb"]],
    ["bytes that are not UTF-8", ["a\uFFFDb"]],
    ["two names that differ in case", ["README.md", "readme.md"]],
    ["two folders that differ in case", ["Lib/a", "lib/b"]],
    ["two Unicode forms of one name", ["\u00E9", "e\u0301"]],
    ["one name twice", ["a", "a"]],
  ])("throws ERR_POCKET_TREE_REFUSED when there is %s", (_case, paths) => {
    expect(() => checkTreePaths(paths, "here")).toThrow(expect.objectContaining({ code: "ERR_POCKET_TREE_REFUSED" }));
  });
});

test("quoteName() shows what cannot be seen when a name has such characters", () => {
  expect(quoteName("a\u001B\u202Eb")).toBe('"a\\u001b\\u{202e}b"');
});
