import type { RunnableTool } from "@toolpocket/core";
import { buildDummy } from "@toolpocket/test-kit/build-component";
import { expect, test } from "vitest";
import type { ModuleCache } from "../../src/program/module-cache.ts";
import { createPacker } from "../../src/program/pack-ahead.ts";

/** Counts how often something was asked for, and keeps nothing. */
function countReads(): ModuleCache & { reads: number } {
  const cache = { reads: 0, read: async () => ((cache.reads += 1), null), write: async () => undefined };
  return cache;
}

async function createTool(runtime: "component" | "python", id = "sha256-1"): Promise<RunnableTool> {
  const bytes = await buildDummy("package local:calc; world calc { export add: func(a: u8) -> u8; }");
  const program =
    runtime === "python"
      ? ({ runtime, files: new Map(), entry: "main.py", args: [], wheels: [] } as const)
      : ({ runtime, module: { name: "calc.wasm", bytes }, functions: [], imports: [] } as const);
  const limits = { timeoutMs: 1_000, maxMemoryBytes: 67_108_864, maxOutputBytes: 1_000 };
  return { id, name: "calc", program, limits, grants: { network: { allow: [], deny: [] }, storage: [] } } as never;
}

test("createPacker() packs a component once when it was begun before", async () => {
  const cache = countReads();
  const packer = createPacker(cache);
  const tool = await createTool("component");
  packer.begin(tool);
  packer.begin(tool);
  expect(await packer.pack(tool)).toMatchObject({ header: { runtime: "component" }, glue: expect.any(String) });
  expect(cache.reads).toBe(1);
  await packer.pack(tool);
  expect(cache.reads).toBe(2);
});

test("createPacker() tells what is wrong with a component when it is packed, not when it is begun", async () => {
  const packer = createPacker(countReads());
  const tool = await createTool("component");
  const broken = { ...tool, program: { ...tool.program, module: { name: "x.wasm", bytes: Uint8Array.of(1) } } };
  packer.begin(broken as never);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await expect(packer.pack(broken as never)).rejects.toBeInstanceOf(Error);
});

test("createPacker() begins nothing for what is packed at once", async () => {
  const cache = countReads();
  const packer = createPacker(cache);
  const tool = await createTool("python");
  packer.begin(tool);
  expect(await packer.pack(tool)).toMatchObject({ header: { runtime: "python" } });
  expect(cache.reads).toBe(0);
});
