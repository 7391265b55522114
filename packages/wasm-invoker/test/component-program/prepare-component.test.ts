/** Components made ready for their page: transpiled in a thread, metered, kept. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { ComponentProgram } from "@toolpocket/core";
import { FUEL_GLOBAL, inspectModule } from "@toolpocket/wasm-metering";
import { assembleComponent, buildDummy, withCustomSection } from "@toolpocket/test-kit/build-component";
import { expect, test } from "vitest";
import { keepJcoCompiled } from "../../src/component-program/compiled-jco.ts";
import { withoutPackageDocs } from "../../src/component-program/package-docs.ts";
import { prepareComponent } from "../../src/component-program/prepare-component.ts";
import { JCO_VERSION } from "../../src/component-program/transpile-component.ts";
import type { ModuleCache } from "../../src/program/module-cache.ts";
import { RefusedProgram } from "../../src/program/refused-program.ts";

const WIT = `package local:calc;\nworld calc { export add: func(a: u8, b: u8) -> u8; }\n`;

function createMemoryCache(): ModuleCache & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    read: async (key) => kept.get(key) ?? null,
    write: async (key, bytes) => void kept.set(key, bytes),
  };
}

const toProgram = (bytes: Uint8Array): ComponentProgram => ({
  runtime: "component",
  module: { name: "calc.wasm", bytes },
  functions: [],
  imports: [],
});
const prepare = (bytes: Uint8Array, modules = createMemoryCache(), maxMemoryBytes = 67_108_864) =>
  prepareComponent(toProgram(bytes), { tool: "calc", maxMemoryBytes, modules });

test("prepareComponent() gives glue and metered modules, and the same from its cache", async () => {
  const cache = createMemoryCache();
  const bytes = await buildDummy(WIT);
  const first = await prepare(bytes, cache);
  expect(first.glue).toContain("export function instantiate");
  expect(first.glue).not.toMatch(/\beval\(|new Function\(/u);
  const inspected = first.modules.map((one) => inspectModule(one.bytes));
  expect(inspected).toContainEqual(
    expect.objectContaining({ exports: expect.arrayContaining([{ name: FUEL_GLOBAL, kind: "global" }]) }),
  );
  expect(cache.kept.size).toBe(1);
  const second = await prepare(bytes, cache);
  expect(second.glue).toBe(first.glue);
  expect(second.modules.map((one) => Buffer.from(one.bytes))).toEqual(
    first.modules.map((one) => Buffer.from(one.bytes)),
  );
  await prepare(bytes, cache, 33_554_432);
  expect(cache.kept.size).toBe(2);
});

test("prepareComponent() bounds a component's memory, and refuses one that begins above it", async () => {
  const text = `(component (core module $m (memory (export "memory") 600)) (core instance (instantiate $m)))`;
  await expect(prepare(await assembleComponent(text), createMemoryCache(), 33_554_432)).rejects.toMatchObject({
    name: "RefusedProgram",
    code: "memory_exceeded",
  });
});

test("prepareComponent() refuses what jco cannot transpile, in words", async () => {
  const broken = (await buildDummy(WIT)).slice();
  // A core module whose code is none.
  const at = Buffer.from(broken).indexOf(Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01]), 8);
  broken[at + 9] = 0xff;
  await expect(prepare(broken)).rejects.toThrow(RefusedProgram);
});

test("keepJcoCompiled() finds the module of the jco that is installed, and compiles it once", async () => {
  const [first, second] = [keepJcoCompiled(), keepJcoCompiled()];
  expect(await first).toBeDefined();
  expect(await second).toBe(await first);
});

test("withoutPackageDocs() takes out that section alone", async () => {
  const bytes = await buildDummy(WIT);
  const documented = withCustomSection(bytes, "package-docs", Uint8Array.of(0, 0x7b, 0x7d));
  expect(Buffer.from(withoutPackageDocs(documented))).toEqual(Buffer.from(bytes));
  const other = withCustomSection(bytes, "notes", Uint8Array.of(1));
  expect(Buffer.from(withoutPackageDocs(other))).toEqual(Buffer.from(other));
});

test("JCO_VERSION is that of the jco that is installed", () => {
  const entry = createRequire(import.meta.url).resolve("@bytecodealliance/jco-transpile");
  const manifest: { version: string } = JSON.parse(readFileSync(new URL("../package.json", `file://${entry}`), "utf8"));
  expect(JCO_VERSION).toBe(manifest.version);
});
