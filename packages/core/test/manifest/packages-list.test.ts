/** `packages` of manifests. */
import { expect, test } from "vitest";
import { createProgram } from "../../src/manifest/create-program.ts";
import { readManifest } from "../../src/manifest/read-manifest.ts";
import { buildWheel, toolFiles } from "./tool-files.ts";

const files = (more: string, language = "python") =>
  toolFiles({
    "config.toml": `name = "x"\ndescription = "X."\nlanguage = "${language}"\n${more}\n`,
    "main.py": "",
    "index.js": "",
  });

test("readManifest() gives the packages of config.toml and pocket.json, each once", () => {
  expect(readManifest(files('packages = ["requests>=2", " rich ", "rich"]'))).toMatchObject({
    packages: ["requests>=2", "rich"],
  });
  const tool = { name: "x", description: "X.", inputSchema: { type: "object" } };
  const json = toolFiles({
    "pocket.json": JSON.stringify({ tool, language: "python", packages: ["rich"] }),
    "main.py": "",
  });
  expect(readManifest(json)).toMatchObject({ packages: ["rich"] });
});

test.each([
  ['packages = "requests"', "python", /packages/u],
  ['packages = [""]', "python", /no requirement/u],
  ['packages = ["a\\nb"]', "python", /no requirement/u],
  ['packages = ["requests"]', "node", /language is "node"/u],
])("readManifest() refuses %s in a %s tool", (more, language, message) => {
  expect(() => readManifest(files(more, language))).toThrow(
    expect.objectContaining({ code: "ERR_POCKET_MANIFEST_INVALID", message: expect.stringMatching(message) }),
  );
});

test("createProgram() puts a wheel that the tool brings before a package of its name", () => {
  const own = buildWheel("low", "1.0", { "low.py": "" });
  const manifest = readManifest(new Map([...files('packages = ["Low"]'), ["low-1.0-py3-none-any.whl", own]]));
  const pin = (name: string) => ({
    name,
    version: "2.0",
    digest: "sha256-x",
    fileName: `${name}-2.0-py3-none-any.whl`,
  });
  const packages = ["LOW", "high"].map((name) => Object.assign({ content: own }, pin(name)));
  expect(createProgram(manifest, { files: files(""), packages })).toMatchObject({
    wheels: [{ path: "low-1.0-py3-none-any.whl" }, { path: ".wheels/high-2.0-py3-none-any.whl" }],
  });
});
