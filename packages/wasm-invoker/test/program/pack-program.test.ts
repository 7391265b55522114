/** Packing python programs: bytes travel as parts, in the order of their paths. */
import { describe, expect, it } from "vitest";
import { NO_MODULE_CACHE } from "../../src/program/module-cache.ts";
import { packProgram } from "../../src/program/pack-program.ts";
import { createPythonTool } from "../python-tool.ts";

describe("packProgram()", () => {
  it("packProgram() gives paths in the header and contents as parts when the program is python's", async () => {
    const wheel = { path: "dist/a-1-py3-none-any.whl", name: "a", version: "1", digest: "sha256-00" };
    const tool = createPythonTool("print(1)", {
      files: { "data/é.bin": Uint8Array.of(0, 255), [wheel.path]: Uint8Array.of(1) },
      args: ["--unit", "a b"],
      wheels: [wheel],
    });
    const { header, parts } = await packProgram(tool, NO_MODULE_CACHE);
    expect(header).toEqual({
      runtime: "python",
      entry: { kind: "script", path: "main.py" },
      args: ["--unit", "a b"],
      wheels: [wheel.path],
      paths: ["main.py", "data/é.bin", wheel.path],
    });
    expect(parts).toEqual([new TextEncoder().encode("print(1)"), Uint8Array.of(0, 255), Uint8Array.of(1)]);
  });

  it("packProgram() keeps the module's name when a script is run as a module", async () => {
    const entry = { kind: "script", path: "src/acme/__main__.py", module: "acme.__main__" } as const;
    const { header } = await packProgram(createPythonTool("", { entry }), NO_MODULE_CACHE);
    expect(header).toMatchObject({ entry });
  });
});
