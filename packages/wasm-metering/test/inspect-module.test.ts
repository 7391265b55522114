import { describe, expect, test } from "vitest";
import { inspectModule, meterModule, type ModuleRefusal } from "../src/index.ts";
import { assemble } from "./assemble.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("inspectModule()", () => {
  test("inspectModule() lists what a module imports, exports and begins with", () => {
    const text = `(module (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 2 5) (func $start) (start $start) (func (export "run")))`;
    expect(inspectModule(assemble(text))).toEqual({
      kind: "module",
      imports: [{ module: "wasi_snapshot_preview1", name: "fd_write", kind: "function" }],
      exports: [
        { name: "memory", kind: "memory" },
        { name: "run", kind: "function" },
      ],
      memories: [{ initialBytes: 131_072, maximumBytes: 327_680, is64Bit: false }],
      hasStart: true,
    });
  });

  test.each([
    ["component", new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]), /component model/u],
    ["not-wasm", new Uint8Array(), /is empty/u],
    ["not-wasm", bytesOf("<!DOCTYPE html><title>404"), /a web page/u],
    ["not-wasm", bytesOf("(module (func))"), /text format; assemble it/u],
    ["not-wasm", bytesOf("version https://git-lfs.github.com/spec/v1"), /Git LFS/u],
    ["not-wasm", new Uint8Array([0x1f, 0x8b, 8, 0]), /gzip/u],
    ["not-wasm", bytesOf("anything"), /magic number/u],
    ["truncated", new Uint8Array([0x00, 0x61, 0x73]), /first 8 bytes/u],
    ["truncated", assemble("(module (memory 1))").slice(0, -1), /ends early/u],
    ["unsupported", new Uint8Array([0x00, 0x61, 0x73, 0x6d, 2, 0, 0, 0]), /version 2/u],
  ])("inspectModule() calls it %s with a sentence, and meterModule() refuses it so", (reason, bytes, message) => {
    expect(inspectModule(bytes)).toEqual({ kind: reason, message: expect.stringMatching(message) });
    let refusal: ModuleRefusal | undefined;
    try {
      meterModule(bytes, { maxMemoryBytes: 0 });
    } catch (error) {
      refusal = error as ModuleRefusal;
    }
    expect(refusal?.reason).toBe(reason);
  });
});
