import { describe, expect, it } from "vitest";
import { chooseWheels, listWheels } from "../../src/manifest/tool-wheels.ts";
import { toolFiles } from "./tool-files.ts";

describe("listWheels()", () => {
  it("lists every wheel of the tree by path, with the digest of its bytes", () => {
    const files = toolFiles({ "z/b-2-py3-none-any.whl": "b", "a-1.0-py3-none-any.whl": "", "c.py": "" });
    expect(listWheels(files)).toEqual([
      {
        path: "a-1.0-py3-none-any.whl",
        name: "a",
        version: "1.0",
        digest: "sha256-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      },
      {
        path: "z/b-2-py3-none-any.whl",
        name: "b",
        version: "2",
        digest: "sha256-3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d",
      },
    ]);
  });
});

describe("chooseWheels()", () => {
  const wheels = (names: Readonly<Record<string, string>>) => listWheels(toolFiles(names));

  it("leaves older builds of the entry wheel out", () => {
    const all = wheels({
      "dist/tool-0.1-py3-none-any.whl": "1",
      "dist/tool-0.2-py3-none-any.whl": "2",
      "dist/dep-1-py3-none-any.whl": "3",
    });
    expect(chooseWheels(all, "dist/tool-0.2-py3-none-any.whl").map(({ path }) => path)).toEqual([
      "dist/dep-1-py3-none-any.whl",
      "dist/tool-0.2-py3-none-any.whl",
    ]);
  });

  it("counts the same wheel once", () => {
    const all = wheels({ "a/dep-1-py3-none-any.whl": "x", "b/dep-1-py3-none-any.whl": "x" });
    expect(chooseWheels(all).map(({ path }) => path)).toEqual(["a/dep-1-py3-none-any.whl"]);
  });

  it("throws when two of one distribution differ", () => {
    const all = wheels({ "a/dep-1-py3-none-any.whl": "x", "b/dep-1-py3-none-any.whl": "y" });
    expect(() => chooseWheels(all)).toThrow("two wheels of one distribution");
  });
});
