/** Modules that are broken, greedy or hostile, called as a user calls them: each ends in the outcome that tells why. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromLocal, type Limits, type Outcome, Pocket } from "@toolpocket/core";
import { assembleWat } from "@toolpocket/test-kit/assemble-wat";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createFrugalInvoker } from "../frugal-invoker.ts";
import { OK, type WatTool, writeWatTool, writing } from "./wat-tools.ts";

interface BadModule extends WatTool {
  readonly limits?: Limits;
  readonly expected: Record<string, unknown>;
  readonly message: RegExp;
}

const failed = (code: string) => ({ status: "error", error: { code, retryable: false } });
const POLICY = failed("runtime_policy_invalid");
const FAILED = failed("execution_failed");
const START = '(func (export "_start"))';

const MODULES: Readonly<Record<string, BadModule>> = {
  truncated: {
    module: (await assembleWat(writing(OK))).subarray(0, 120),
    expected: POLICY,
    message: /tool\.wasm cannot be run: /u,
  },
  "no-entry-point": {
    module: '(module (func (export "main")))',
    expected: POLICY,
    message: /exports no function "run" and no "_start"; it exports main/u,
  },
  "imports-nobody-provides": {
    module: `(module (import "env" "abort" (func)) ${START})`,
    expected: POLICY,
    message: /imports what nobody provides: env\.abort/u,
  },
  "imports-another-wasi": {
    module: `(module (import "wasi_snapshot_preview1" "fd_wirte" (func)) ${START})`,
    expected: POLICY,
    message: /wasi_snapshot_preview1\.fd_wirte/u,
  },
  "wasi-not-enabled": {
    module: writing(OK),
    wasm: "",
    expected: POLICY,
    message: /imports WASI \(fd_write, proc_exit\), which it has not enabled: set enable_wasi = true/u,
  },
  "silent-without-wasi": {
    module: `(module ${START})`,
    wasm: "",
    expected: POLICY,
    message: /wrote nothing to stdout/u,
  },
  "no-memory-for-wasi": {
    module: `(module (import "wasi_snapshot_preview1" "sched_yield" (func (result i32))) ${START})`,
    expected: POLICY,
    message: /exports no memory/u,
  },
  "initial-memory-above-limit": {
    module: `(module (memory (export "memory") 2000) ${START})`,
    expected: failed("memory_exceeded"),
    message: /limits\.max_memory_bytes gives more/u,
  },
  "invalid-code": {
    // A function that leaves a value on the stack: decoded well, refused by the engine.
    module: new Uint8Array([
      0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 6, 1, 4, 0, 0x41, 0, 0x0b,
    ]),
    expected: FAILED,
    message: /could not be loaded: /u,
  },
  "infinite-loop": {
    module: `(module (func (export "_start") (loop $l (br $l))))`,
    expected: failed("fuel_exhausted"),
    message: /fuel of 1000000/u,
  },
  "infinite-loop-in-start": {
    module: `(module (func $s (loop $l (br $l))) (start $s) ${START})`,
    expected: failed("fuel_exhausted"),
    message: /fuel of 1000000/u,
  },
  "infinite-recursion": {
    module: '(module (func $f (export "_start") (call $f)))',
    expected: FAILED,
    message: /call stack overflowed/u,
  },
  "infinite-loop-with-fuel-unlimited": {
    module: `(module (func (export "_start") (loop $l (br $l))))`,
    limits: { fuel: Number.MAX_SAFE_INTEGER, timeout: "1s" },
    expected: { status: "error", error: { code: "timeout", retryable: true } },
    message: /within 1000 ms/u,
  },
  "sleeps-too-long": {
    module: `(module
      (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "_start")
        (i32.store (i32.const 16) (i32.const 1))
        (i64.store (i32.const 24) (i64.const 3600000000000))
        (drop (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)))))`,
    limits: { timeout: "1s" },
    expected: { status: "error", error: { code: "timeout", retryable: true } },
    message: /within 1000 ms/u,
  },
  "grows-memory-for-ever": {
    module: `(module (memory (export "memory") 1) (func (export "_start") (loop $l (br_if $l (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable))`,
    expected: FAILED,
    message: /trapped: unreachable/u,
  },
  "floods-stdout": {
    // 100 MB in pieces of 64 KiB.
    module: `(module
      (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 2)
      (func (export "_start") (local $n i32)
        (i32.store (i32.const 4) (i32.const 65536))
        (loop $l
          (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
          (br_if $l (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 1600))))))`,
    expected: failed("output_too_large"),
    message: /longer than 1048576 bytes/u,
  },
  "floods-stdout-and-catches": {
    module: `(module
      (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 2)
      (func (export "_start")
        (i32.store (i32.const 4) (i32.const 65536))
        (loop $l
          (try (do (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))) (catch_all))
          (br $l))))`,
    expected: failed("output_too_large"),
    message: /longer than/u,
  },
  "writes-from-outside-its-memory": {
    module: `(module
      (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1)
      (func (export "_start")
        (call $exit (call $write (i32.const 1) (i32.const -8) (i32.const -1) (i32.const -4)))))`,
    expected: { ...FAILED, error: { code: "execution_failed", details: { exitCode: 21 } } },
    message: /exited with code 21/u,
  },
  "invalid-utf-8": {
    module: writing(new Uint8Array([0x7b, 0xff, 0x7d])),
    expected: POLICY,
    message: /not UTF-8 from line 1, column 2/u,
  },
  "two-json-values": { module: writing(OK + OK), expected: POLICY, message: /line 1, column 56/u },
  "log-before-json": { module: writing(`starting\n${OK}`), expected: POLICY, message: /found "starting/u },
  "trap-after-result": {
    module: writing(OK, "unreachable"),
    expected: { ...FAILED, stdout: OK },
    message: /trapped: unreachable/u,
  },
  "exit-after-result": {
    module: writing(OK, "(call $exit (i32.const 3))"),
    expected: { ...FAILED, stdout: OK },
    message: /exited with code 3/u,
  },
  "exit-beyond-a-byte": {
    module: writing(OK, "(call $exit (i32.const 70000))"),
    expected: FAILED,
    message: /exited with code 255/u,
  },
};

let scratch: string;
let pocket: Pocket;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "bad-modules-"));
  vi.stubEnv("POCKET_HOME", join(scratch, "store"));
  vi.stubEnv("CI", undefined);
  const tools = await Promise.all(
    Object.entries(MODULES).map(async ([name, bad]) =>
      fromLocal(await writeWatTool(scratch, name, bad), bad.limits ? { limits: bad.limits } : {}),
    ),
  );
  pocket = new Pocket({ cwd: scratch, tools, invoker: createFrugalInvoker() });
  await pocket.load();
});

afterAll(async () => {
  await pocket.close();
  vi.unstubAllEnvs();
  await rm(scratch, { recursive: true, force: true });
});

describe("invoke() of a bad module", { timeout: 60_000 }, () => {
  it.each(Object.entries(MODULES))("tells what is wrong when it is %s", async (name, { expected, message }) => {
    const outcome: Outcome = await pocket.invoke(name, {});
    expect(outcome).toMatchObject(expected);
    expect(outcome).toMatchObject({
      error: { message: expect.stringMatching(message), details: { tool: name, isolation_mode: "wasm" } },
    });
  });
});
