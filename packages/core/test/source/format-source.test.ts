import { expect, test } from "vitest";
import { formatSource } from "../../src/source/format-source.ts";

test("formatSource() gives one line when the source is of any kind", () => {
  const url = "https://git.example/org/repo";
  const commit = "c".repeat(40);
  expect(formatSource({ kind: "git", url, path: "" })).toBe(`git+${url}`);
  expect(formatSource({ kind: "git", url, path: "a b" })).toBe(`git+${url}#a%20b`);
  expect(formatSource({ kind: "git", url, ref: "main", path: "x/y", commit })).toBe(`git+${url}@${commit}#x/y`);
  expect(formatSource({ kind: "git", url, path: "", refAndPath: "main/x" })).toBe(`git+${url}/tree/main/x`);
  expect(formatSource({ kind: "git", url: "git@git.example:repo", ref: "v1", path: "" })).toBe(
    "git@git.example:repo@v1",
  );
  expect(formatSource({ kind: "function", name: "add" })).toBe("function:add");
});

test("formatSource() writes a local path relative to cwd", () => {
  const cwd = "/srv/agent";
  expect(formatSource({ kind: "local", path: "/srv/agent/tools/x" }, { cwd })).toBe("local:./tools/x");
  expect(formatSource({ kind: "local", path: "/srv/x" }, { cwd })).toBe("local:../x");
  expect(formatSource({ kind: "local", path: "/srv/agent" }, { cwd })).toBe("local:.");
});
