import { describe, expect, it } from "vitest";
import { readManifest } from "../../src/manifest/read-manifest.ts";
import { describeModule } from "../../src/modules/describe-module.ts";
import { pocketFault } from "../pocket-fault.ts";

const MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
const lone = (bytes: Uint8Array): ReadonlyMap<string, Uint8Array> => new Map([["my.echo.wasm", bytes]]);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("describeModule()", () => {
  it("makes a tool of a lone module and its description", () => {
    const inputSchema = { type: "object", required: ["query"] };
    const files = describeModule(lone(MODULE), { description: 'Says "hi"', inputSchema, entrypoint: "go" }, "local:x");
    expect(readManifest(files)).toMatchObject({
      name: "my_echo",
      description: 'Says "hi"',
      inputSchema,
      declaresSchema: true,
      entry: { module: { kind: "file", path: "my.echo.wasm" }, entrypoint: "go", enableWasi: true },
    });
  });

  it("refuses a module that nobody describes, with how to do so", () => {
    const error = pocketFault(() => describeModule(lone(MODULE), {}, "local:x.wasm"));
    expect(error).toMatchObject({ code: "ERR_POCKET_MANIFEST_INVALID", hint: expect.stringContaining("description") });
  });

  it.each([
    ["empty", new Uint8Array(), "it is empty"],
    ["text", encode("hello world"), 'it begins with "hello world"'],
    ["cut off", MODULE.subarray(0, 5), "it ends within its header"],
  ])("refuses what is no WebAssembly: %s", (_what, bytes, message) => {
    const error = pocketFault(() => describeModule(lone(bytes), { description: "x" }, "local:x.wasm"));
    expect(error).toMatchObject({ code: "ERR_POCKET_MODULE_REFUSED", message: expect.stringContaining(message) });
  });

  it("leaves a tool with a manifest as it is, and refuses to describe it otherwise", () => {
    const files = new Map([["config.toml", encode("")]]);
    expect(describeModule(files, {}, "x")).toBe(files);
    expect(pocketFault(() => describeModule(files, { description: "x" }, "x")).code).toBe("ERR_POCKET_USAGE");
  });
});
