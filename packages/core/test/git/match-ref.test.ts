import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findRef, matchRef } from "../../src/git/match-ref.ts";
import { parseRemoteRefs } from "../../src/git/remote-refs.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);
const C = `abc${"d".repeat(37)}`;

const remote = parseRemoteRefs(
  [
    `${A}\tHEAD`,
    `${A}\trefs/heads/main`,
    `${B}\trefs/heads/feature/x`,
    `${C}\trefs/heads/both`,
    `${"9".repeat(40)}\trefs/tags/v1`,
    `${B}\trefs/tags/v1^{}`,
    `${A}\trefs/tags/both`,
    `${A}\trefs/tags/feature`,
    `${B}\trefs/heads/abcd`,
    `${A}\trefs/pull/7/head`,
  ].join("\n"),
);

describe("matchRef() divides ref and path when the text is", () => {
  test.each([
    ["main", "main", "", A],
    ["main/tools/weather", "main", "tools/weather", A],
    ["feature/x", "feature/x", "", B],
    ["feature/x/tools", "feature/x", "tools", B],
    ["feature/y", "feature", "y", A],
    ["v1/tools", "v1", "tools", B],
    ["both/x", "both", "x", C],
    ["refs/heads/feature/x/tools", "refs/heads/feature/x", "tools", B],
    ["tags/both/x", "tags/both", "x", A],
    ["pull/7/head/x", "pull/7/head", "x", A],
    ["HEAD/tools", "HEAD", "tools", A],
    ["abcd/tools", "abcd", "tools", B],
    [`${C}/tools`, C, "tools", C],
    ["abcdd/tools", "abcdd", "tools", C],
  ])("%s", (text, ref, path, commit) => {
    expect(matchRef(text, remote)).toEqual({ ref, path, commit });
  });

  test("a short sha that no ref, or more than one, points to: then without a commit", () => {
    expect(matchRef("1234567/x", remote)).toEqual({ ref: "1234567", path: "x", commit: undefined });
    const two = parseRemoteRefs(`abcd1${"0".repeat(35)}\trefs/heads/a\nabcd2${"0".repeat(35)}\trefs/heads/b`);
    expect(matchRef("abcd", two)).toEqual({ ref: "abcd", path: "", commit: undefined });
  });

  test("null where nothing of it is a ref", () => {
    expect(matchRef("mian/tools", remote)).toBeNull();
    expect(matchRef("abc", remote)).toBeNull();
    expect(matchRef("HEAD", parseRemoteRefs(""))).toBeNull();
  });

  test("a branch and a path, whatever they are", () => {
    const segment = fc.stringMatching(/^[g-z][a-z0-9._-]{0,5}[a-z0-9]$/u);
    const names = fc.array(segment, { minLength: 1, maxLength: 4 }).map((all) => all.join("/"));
    fc.assert(
      fc.property(names, fc.option(names, { nil: "" }), (branch, path) => {
        const only = parseRemoteRefs(`${A}\trefs/heads/${branch}\n${B}\trefs/tags/${branch}`);
        expect(matchRef(path === "" ? branch : `${branch}/${path}`, only)).toEqual({ ref: branch, path, commit: A });
      }),
    );
  });
});

describe("findRef() finds the whole ref", () => {
  test("when it is a branch, a tag, a full name or a sha, in this order", () => {
    expect(findRef(undefined, remote)).toEqual({ ref: "HEAD", path: "", commit: A });
    expect(findRef("feature/x", remote)?.commit).toBe(B);
    expect(findRef("both", remote)?.commit).toBe(C);
    expect(findRef("tags/both", remote)?.commit).toBe(A);
    expect(findRef("v1", remote)?.commit).toBe(B);
    expect(findRef("refs/pull/7/head", remote)?.commit).toBe(A);
    expect(findRef(C.toUpperCase(), remote)?.commit).toBe(C);
  });

  test("and gives null when there is none", () => {
    expect(findRef("feature/x/tools", remote)).toBeNull();
    expect(findRef(undefined, parseRemoteRefs(""))).toBeNull();
  });
});
