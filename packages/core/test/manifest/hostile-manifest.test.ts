import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPocketError } from "../../src/errors.ts";
import { readManifest } from "../../src/manifest/read-manifest.ts";
import { toolFiles } from "./tool-files.ts";

const anyPath = fc.constantFrom(
  "config.toml",
  "pocket.json",
  "schema.json",
  "pyproject.toml",
  "main.py",
  "index.js",
  "dist/a-1-py3-none-any.whl",
  "__proto__",
);
const anyLine = fc.oneof(
  fc.constantFrom(
    'name = "a"',
    'description = "b"',
    'language = "python"',
    'language = "node"',
    'entrypoint = "dist/a-1-py3-none-any.whl"',
    "[auth]",
    "[tool_vars]",
    "[project]",
    "[[permissions]]",
    "args = [1]",
    "limits.timeout = 5",
  ),
  fc.string(),
);
const anyJson = fc.jsonValue().map((value) =>
  JSON.stringify({
    tool: { name: "a", description: "b", inputSchema: value },
    language: "python",
    entrypoint: value,
  }),
);
const anyContent = fc.oneof(
  fc.array(anyLine, { maxLength: 8 }).map((lines) => new TextEncoder().encode(lines.join("\n"))),
  anyJson.map((text) => new TextEncoder().encode(text)),
  fc.uint8Array({ maxLength: 64 }),
);

/** The code of the PocketError that `call` throws; any other error goes on. */
function codeOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (isPocketError(error)) return error.code;
    throw error;
  }
}

describe("readManifest() of anything", () => {
  it("throws nothing but ERR_POCKET_MANIFEST_INVALID", () => {
    fc.assert(
      fc.property(fc.dictionary(anyPath, anyContent), (files) => {
        expect([undefined, "ERR_POCKET_MANIFEST_INVALID"]).toContain(codeOf(() => readManifest(toolFiles(files))));
      }),
      { numRuns: 500 },
    );
  });

  it("does not change the objects of the host", () => {
    const config = 'name = "a"\ndescription = "b"\nlanguage = "python"\n[tool_vars]\nx = "1"\n[toString]\ncall = 1\n';
    expect(() => readManifest(toolFiles({ "config.toml": config, "main.py": "" }))).toThrow('the key "toString"');
    expect(Object.hasOwn(Object.prototype.toString, "call")).toBe(false);
  });

  it("keeps terminal control characters out of messages", () => {
    const config = 'name = "\\u001b[2J\\u202e"\ndescription = "b"\nlanguage = "python"\n';
    expect(() => readManifest(toolFiles({ "config.toml": config, "main.py": "" }))).toThrow("⟨U+001B⟩[2J⟨U+202E⟩");
  });
});
