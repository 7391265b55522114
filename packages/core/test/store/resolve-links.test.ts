import { describe, expect, test } from "vitest";
import { resolveLinks, type TreeEntry } from "../../src/store/resolve-links.ts";
import { resolveTreeLimits } from "../../src/store/tree-rules.ts";

const check = { origin: "here", limits: resolveTreeLimits({ maxTreeFiles: 50 }) };

/** "path" is a file, "path -> target" a link. */
function resolved(...lines: string[]): Record<string, string> {
  const entries = lines.map((line): TreeEntry => {
    const [path = "", target] = line.split(" -> ");
    return target === undefined ? { path, kind: "file" } : { path, kind: "link", target };
  });
  return Object.fromEntries(resolveLinks(entries, check).map(({ path, from }) => [path, from]));
}

describe("resolveLinks()", () => {
  test("gives copies when links point to files inside", () => {
    expect(resolved("a/b", "a/link -> b", "up -> a/../a/b", "chain -> a/link", "slow -> ./a//./b")).toEqual({
      "a/b": "a/b",
      "a/link": "a/b",
      up: "a/b",
      chain: "a/b",
      slow: "a/b",
    });
  });

  test("gives copies of all files when a link points to a folder, also through another link", () => {
    expect(resolved("lib/x", "lib/y/z", "copy -> lib", "again -> copy/y", "file -> copy/x")).toEqual({
      "lib/x": "lib/x",
      "lib/y/z": "lib/y/z",
      "copy/x": "lib/x",
      "copy/y/z": "lib/y/z",
      "again/z": "lib/y/z",
      file: "lib/x",
    });
  });

  test.each([
    ["leaves the folder", ["a", "link -> ../secret"], /"link" points out of/u],
    ["leaves it and comes back", ["a", "link -> ../here/a"], /points out of/u],
    ["is absolute", ["link -> /etc/passwd"], /absolute/u],
    ["points to nothing", ["a", "link -> b"], /points to nothing/u],
    ["goes through a file", ["a", "link -> a/b"], /points to nothing/u],
    ["points to itself", ["link -> link"], /points to itself/u],
    ["points in a circle", ["a -> b", "b -> a"], /points to itself/u],
    ["points to a folder that holds it", ["d/a", "d/link -> ."], /holds it/u],
    ["makes two folders hold each other", ["x/a", "y/b", "x/l -> ../y", "y/l -> ../x"], /holds it/u],
  ])("throws ERR_POCKET_TREE_REFUSED naming the link when it %s", (_case, lines, message) => {
    expect(() => resolved(...lines)).toThrow(message);
    expect(() => resolved(...lines)).toThrow(expect.objectContaining({ code: "ERR_POCKET_TREE_REFUSED" }));
  });

  test("throws ERR_POCKET_TREE_REFUSED when copies of copies become too many", () => {
    const doubling = ["d0/a", "d0/b"];
    for (let level = 1; level <= 30; level += 1)
      doubling.push(`d${level}/x -> ../d${level - 1}`, `d${level}/y -> ../d${level - 1}`);
    expect(() => resolved(...doubling)).toThrow(/more than 50 files/u);
  });
});
