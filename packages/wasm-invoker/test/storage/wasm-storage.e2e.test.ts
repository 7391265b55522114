/** Granted folders in wasm tools, in real Chromium. */
import type { RunnableTool } from "@toolpocket/core";
import { assembleWat } from "@toolpocket/test-kit/assemble-wat";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createFrugalInvoker } from "../frugal-invoker.ts";
import { runTool } from "../python/python-runs.ts";
import { contentOf, createFolder, grant, removeFolder, withStorage } from "./granted-folder.ts";

const invoker = createFrugalInvoker();
const home = createFolder();
beforeAll(() => {
  process.env["POCKET_HOME"] = home;
});
afterAll(async () => {
  await invoker.close();
  delete process.env["POCKET_HOME"];
  removeFolder(home);
});

/** Appends "!" to a.txt of the first folder, makes new.txt, removes old.txt; then does what `after` says. */
async function createTool(after = ""): Promise<RunnableTool> {
  const bytes = await assembleWat(`(module
  (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file" (func $unlink (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "a.txt") (data (i32.const 32) "new.txt") (data (i32.const 48) "old.txt") (data (i32.const 64) "!")
  (func $append (param $name i32) (param $length i32) (param $create i32)
    (call $check (call $open (i32.const 3) (i32.const 0) (local.get $name) (local.get $length)
      (local.get $create) (i64.const 64) (i64.const 0) (i32.const 1) (i32.const 8)))
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 1))
    (call $check (call $write (i32.load (i32.const 8)) (i32.const 0) (i32.const 1) (i32.const 12))))
  (func $check (param $errno i32)
    (if (local.get $errno) (then (call $exit (local.get $errno)))))
  (func (export "_start")
    (call $append (i32.const 16) (i32.const 5) (i32.const 0))
    (call $append (i32.const 32) (i32.const 7) (i32.const 1))
    (call $check (call $unlink (i32.const 3) (i32.const 48) (i32.const 7)))
    ${after}))`);
  return {
    id: `wasm-storage-${after}`,
    name: "wasm_storage",
    limits: { timeoutMs: 30_000, maxMemoryBytes: 67_108_864, maxOutputBytes: 1_048_576, fuel: 1_000_000 },
    program: {
      runtime: "wasm",
      module: { name: "tool.wasm", bytes },
      entrypoint: "run",
      enableWasi: true,
      contract: { capabilities: [] },
    },
  };
}

const before = { "a.txt": "alpha", "old.txt": "old", "sub/b.txt": "beta" };

it("run() gives a module its folder by WASI, and keeps what it did when it ends well", async () => {
  const folder = createFolder(before);
  const result = await runTool(invoker, withStorage(await createTool(), [grant(folder, "write")]), {});
  expect(result).toMatchObject({ kind: "exited", exitCode: 0 });
  expect(contentOf(folder)).toEqual({ "a.txt": "alpha!", "new.txt": "!", sub: null, "sub/b.txt": "beta" });
  removeFolder(folder);
});

it.each([
  ["traps", "unreachable", { kind: "failed", code: "execution_failed" }],
  ["exits with 1", "(call $exit (i32.const 1))", { kind: "exited", exitCode: 1 }],
  ["uses up its fuel", "(loop (br 0))", { kind: "failed", code: "fuel_exhausted" }],
])("run() changes nothing when a module %s", async (_how, after, expected) => {
  const folder = createFolder(before);
  const unchanged = contentOf(folder);
  const result = await runTool(invoker, withStorage(await createTool(after), [grant(folder, "write")]), {});
  expect(result).toMatchObject(expected);
  expect(contentOf(folder)).toEqual(unchanged);
  removeFolder(folder);
});

it("run() lets a module change nothing in a folder that is granted for reading, or not at all", async () => {
  const folder = createFolder(before);
  const unchanged = contentOf(folder);
  const tool = await createTool();
  // Read-only file system; no such descriptor.
  expect(await runTool(invoker, withStorage(tool, [grant(folder, "read")]), {})).toMatchObject({ exitCode: 69 });
  expect(await runTool(invoker, tool, {})).toMatchObject({ exitCode: 8 });
  expect(contentOf(folder)).toEqual(unchanged);
  removeFolder(folder);
});
