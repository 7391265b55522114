import { describe, expect, it } from "vitest";
import { listWheelModules, mainModule } from "../../src/manifest/wheel-module.ts";
import { buildWheel } from "./tool-files.ts";

describe("listWheelModules()", () => {
  it("reads top_level.txt where there is one", () => {
    const wheel = buildWheel("a", "1", { "b/__init__.py": "" }, "b\r\n_c\n");
    expect(listWheelModules(wheel)).toEqual(["b", "_c"]);
  });

  it("reads RECORD else: packages and modules, no data", () => {
    const wheel = buildWheel("a", "1", {
      "pkg/__init__.py": "",
      "pkg/inner/mod.py": "",
      "single.py": "",
      "data/readme.txt": "",
      "a-1.data/scripts/run.py": "",
      "a-1.data/purelib/moved/__init__.py": "",
    });
    expect(listWheelModules(wheel)).toEqual(["pkg", "single", "moved"]);
  });

  it("throws when it is no archive", () => {
    expect(() => listWheelModules(new Uint8Array([1, 2, 3]))).toThrow("invalid zip data");
  });
});

describe("mainModule()", () => {
  it.each([
    [["other", "My_Tool"], "my-tool", "My_Tool"],
    [["_private", "only"], "my-tool", "only"],
    [["a", "b"], "my-tool", undefined],
    [[], "My-Tool.x", "my_tool_x"],
  ])("finds among %j for %j: %j", (modules, distribution, module) => {
    expect(mainModule(modules, distribution)).toBe(module);
  });
});
