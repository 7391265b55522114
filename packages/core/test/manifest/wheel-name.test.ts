import { describe, expect, it } from "vitest";
import { isInstallable, normalizeDistribution, parseWheelName } from "../../src/manifest/wheel-name.ts";

describe("parseWheelName()", () => {
  it("reads the parts, with a build number or without", () => {
    const parts = {
      distribution: "my_tool",
      version: "1.0.0b1",
      pythonTags: ["py2", "py3"],
      abiTags: ["none"],
      platformTags: ["any"],
    };
    expect(parseWheelName("my_tool-1.0.0b1-py2.py3-none-any.whl")).toEqual(parts);
    expect(parseWheelName("my_tool-1.0.0b1-2-py2.py3-none-any.whl")).toEqual(parts);
  });

  it.each([
    "my_tool.whl",
    "a-1-py3-none.whl",
    "a-1-py3-none-any.zip",
    "-1-py3-none-any.whl",
    "a-1-2-3-py3-none-any.whl",
  ])("does not take %j for a wheel", (name) => expect(parseWheelName(name)).toBeUndefined());
});

describe("isInstallable()", () => {
  it.each([
    ["py3-none-any", true],
    ["py2.py3-none-any", true],
    ["py310-none-any", true],
    ["py315-none-any", false],
    ["py2-none-any", false],
    ["cp314-none-any", true],
    ["cp313-none-any", false],
    ["cp314-cp314-pyemscripten_2026_0_wasm32", true],
    ["cp39-abi3-pyemscripten_2026_0_wasm32", true],
    ["cp315-abi3-pyemscripten_2026_0_wasm32", false],
    ["cp314-cp314-emscripten_5_0_3_wasm32", true],
    ["cp313-cp313-pyodide_2025_0_wasm32", false],
    ["cp314-cp314t-pyemscripten_2026_0_wasm32", false],
    ["cp314-cp314-manylinux_2_28_x86_64", false],
    ["cp314-cp314-win_amd64", false],
    ["pp310-pypy310_pp73-any", false],
  ])("%s: %j", (tags, isRunnable) => {
    const name = parseWheelName(`a-1-${tags}.whl`);
    expect(name && isInstallable(name)).toBe(isRunnable);
  });
});

describe("normalizeDistribution()", () => {
  it("makes names equal that mean the same", () => {
    expect(["My.Tool", "my__tool", "MY-tool"].map(normalizeDistribution)).toEqual(["my_tool", "my_tool", "my_tool"]);
  });
});
