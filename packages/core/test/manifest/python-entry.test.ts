import { describe, expect, it } from "vitest";
import { readManifest } from "../../src/manifest/read-manifest.ts";
import { buildWheel, toolFiles } from "./tool-files.ts";

const CONFIG = { "config.toml": 'name = "w"\ndescription = "d"\nlanguage = "python"\n' };
const project = (name: string, version?: string) => ({
  "pyproject.toml": `[project]\nname = "${name}"\n${version === undefined ? 'dynamic = ["version"]' : `version = "${version}"`}\n`,
});
const wheel = (distribution: string, version: string, module = distribution.toLowerCase()) => ({
  [`dist/${distribution}-${version}-py3-none-any.whl`]: buildWheel(distribution, version, {
    [`${module}/__init__.py`]: "",
  }),
});
const entryOf = (files: Readonly<Record<string, string | Uint8Array>>) =>
  readManifest(toolFiles({ ...CONFIG, ...files })).entry;

describe("resolvePythonEntry()", () => {
  it("takes the wheel of the project's version among several", () => {
    const files = {
      ...project("My.Tool", "0.2.0"),
      ...wheel("my_tool", "0.1.0"),
      ...wheel("my_tool", "0.2.0"),
      "main.py": "",
    };
    expect(entryOf(files)).toEqual({ kind: "wheel", path: "dist/my_tool-0.2.0-py3-none-any.whl", module: "my_tool" });
  });

  it("takes the only wheel when its version is written otherwise or found by the build", () => {
    const path = "dist/My_Tool-1.0b1-py3-none-any.whl";
    expect(entryOf({ ...project("my-tool", "1.0-beta1"), ...wheel("My_Tool", "1.0b1") })).toMatchObject({ path });
    expect(entryOf({ ...project("my-tool"), ...wheel("My_Tool", "1.0b1") })).toMatchObject({ path, module: "my_tool" });
  });

  it("reads poetry's name", () => {
    const files = { "pyproject.toml": '[tool.poetry]\nname = "tool"\nversion = "1"\n', ...wheel("tool", "1") };
    expect(entryOf(files)).toMatchObject({ kind: "wheel", module: "tool" });
  });

  it("prefers main.py to a wheel of another project and to the project's package", () => {
    const files = { ...project("tool", "1"), ...wheel("other", "1"), "main.py": "", "tool/__main__.py": "" };
    expect(entryOf(files)).toEqual({ kind: "script", path: "main.py" });
  });

  it.each(["tool/__main__.py", "src/tool/__main__.py", "tool.py"])("falls back to the project's %s", (path) => {
    expect(entryOf({ ...project("Tool"), [path]: "" })).toEqual({ kind: "script", path, module: "tool" });
  });

  it("falls back to __main__.py", () => {
    expect(entryOf({ "__main__.py": "" })).toEqual({ kind: "script", path: "__main__.py" });
  });
});
