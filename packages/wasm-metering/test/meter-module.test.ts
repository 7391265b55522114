import { describe, expect, test } from "vitest";
import { DEFAULT_MAX_TABLE_ELEMENTS, FUEL_GLOBAL, meterModule, type ModuleRefusal } from "../src/index.ts";
import { instantiate, RuntimeError } from "./engine.ts";
import { assemble, MEGABYTE, runMetered } from "./assemble.ts";

const PAGE = 65_536;

/** The refusal of `text`, or of bytes, at one megabyte. */
function refuse(module: string | Uint8Array): ModuleRefusal {
  try {
    meterModule(typeof module === "string" ? assemble(module) : module, { maxMemoryBytes: MEGABYTE });
  } catch (error) {
    return error as ModuleRefusal;
  }
  throw new Error("was not refused");
}

describe("fuel", () => {
  test("meterModule() ends an infinite loop when the fuel is used up", () => {
    const { exports, gauge } = runMetered(assemble(`(module (func (export "run") (loop (br 0))))`), 1000);
    expect(() => exports["run"]?.()).toThrow(RuntimeError);
    expect(gauge.isExhausted()).toBe(true);
    expect(gauge.consumed()).toBe(1000n);
  });

  test("meterModule() ends infinite recursion by tail calls", () => {
    const text = `(module (func $again (export "run") (return_call $again)))`;
    const { exports, gauge } = runMetered(assemble(text), 1000);
    expect(() => exports["run"]?.()).toThrow(/unreachable/u);
    expect(gauge.isExhausted()).toBe(true);
  });

  test("meterModule() tells a trap of the guest from a want of fuel", () => {
    const { exports, gauge } = runMetered(assemble(`(module (func (export "run") (unreachable)))`), 1000);
    expect(() => exports["run"]?.()).toThrow(/unreachable/u);
    expect(gauge.isExhausted()).toBe(false);
    expect(gauge.consumed()).toBe(0n);
  });

  test("meterModule() charges one unit for a function's entry and one for each iteration", () => {
    const text = `(module (func (export "count") (param i32)
      (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))`;
    const { exports, gauge } = runMetered(assemble(text), 1000);
    exports["count"]?.(10);
    expect(gauge.consumed()).toBe(11n);
  });

  test("meterModule() charges a long function for its code, and a caller for the leaf functions that it calls", () => {
    const text = `(module
      (func $leaf (nop))
      (func (export "long") ${"(nop)".repeat(4096)})
      (func (export "caller") ${"(call $leaf)".repeat(80)}))`;
    const { exports, gauge } = runMetered(assemble(text), 1000);
    exports["long"]?.();
    expect(gauge.consumed()).toBe(5n);
    exports["caller"]?.();
    expect(gauge.consumed()).toBe(5n + 11n);
  });

  test("meterModule() ends functions that only call each other, and a loop that only catches", () => {
    const text = `(module (tag $tag)
      (func $one (call $two) (unreachable)) (func $two (call $one) (unreachable))
      (func $costly (param i32) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (throw $tag))
      (func (export "recurse") (call $one))
      (func (export "retry") (loop $again
        (try (do (call $costly (i32.const 100)) (unreachable)) (catch_all (br $again))))))`;
    const recursing = runMetered(assemble(text), 1000);
    expect(() => recursing.exports["recurse"]?.()).toThrow(/unreachable/u);
    expect(recursing.gauge.isExhausted()).toBe(true);
    const catching = runMetered(assemble(text), 1000);
    expect(() => catching.exports["retry"]?.()).toThrow(/unreachable/u);
    expect(catching.gauge.isExhausted()).toBe(true);
  });

  test("meterModule() counts the same in nested loops, whether something is called in them or not", () => {
    const loop = (body: string): string => `(module (func $work (param i32) (result i32) (local i32)
        (loop (br_if 0 (i32.lt_s (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (local.get 0)))) (local.get 1))
      (func (export "run") (result i32) (local i32 i32)
        (loop $outer
          (local.set 1 (i32.const 0))
          (loop $inner ${body}
            (br_if $inner (i32.lt_s (local.tee 1 (i32.add (local.get 1) (i32.const 1))) (i32.const 7))))
          (br_if $outer (i32.lt_s (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 5))))
        (local.get 0)))`;
    const plain = runMetered(assemble(loop("")), 1000);
    expect(plain.exports["run"]?.()).toBe(5);
    expect(plain.gauge.consumed()).toBe(BigInt(1 + 5 + 5 * 7));
    const calling = runMetered(assemble(loop("(drop (call $work (i32.const 3)))")), 1000);
    expect(calling.exports["run"]?.()).toBe(5);
    expect(calling.gauge.consumed()).toBe(BigInt(1 + 5 + 5 * 7 + 5 * 7 * 4));
  });

  test.each([
    ["its end", `(loop $on (br_if $on (call $less)))`, 3],
    ["a branch", `(block $out (loop $on (br_if $out (i32.eqz (call $less))) (br $on)))`, 3],
    [
      "a branch with operands",
      `(drop (block $out (result i32) (loop $on (drop (br_if $out (i32.const 7) (i32.eqz (call $less)))) (br $on)) (i32.const 8)))`,
      3,
    ],
    ["a table of branches", `(block $out (loop $on (br_table $out $on (call $less))))`, 3],
    ["an outer loop's label", `(loop $on (loop $in (br_if $in (i32.const 0)) (br_if $on (call $less))))`, 6],
    ["a return", `(loop $on (if (i32.eqz (call $less)) (then (return))) (br $on))`, 3],
    ["an exception", `(try (do (loop $on (if (i32.eqz (call $less)) (then (throw $tag))) (br $on))) (catch_all))`, 3],
    ["an exception within", `(loop $on (try (do (if (call $less) (then (throw $tag)))) (catch_all (br $on))))`, 3],
  ])("meterModule() counts a loop that is left by %s exactly", (_, code, iterations) => {
    const less = "(local.tee $left (i32.sub (local.get $left) (i32.const 1)))";
    const text = `(module (tag $tag) (func (export "run") (local $left i32)
      (local.set $left (i32.const 3)) ${code.replaceAll("(call $less)", less)}))`;
    const { exports, gauge } = runMetered(assemble(text), 1000);
    exports["run"]?.();
    expect(gauge.consumed()).toBe(BigInt(1 + iterations));
    const enough = runMetered(assemble(text), 1 + iterations);
    enough.exports["run"]?.();
    expect(enough.gauge.isExhausted()).toBe(false);
    const tooLittle = runMetered(assemble(text), iterations);
    expect(() => tooLittle.exports["run"]?.()).toThrow(/unreachable/u);
    expect(tooLittle.gauge.isExhausted()).toBe(true);
  });

  test("meterModule() counts a loop that is left by unreachable or a panic, and not one that traps itself", () => {
    const text = (last: string): string => `(module (memory 1) (func $panic ${"(nop)".repeat(128)} (unreachable))
      (func (export "run") (local i32)
        (loop $on (local.set 0 (i32.add (local.get 0) (i32.const 1)))
          (if (i32.eq (local.get 0) (i32.const 5)) (then ${last})) (br $on))))`;
    const consume = (last: string): bigint => {
      const { exports, gauge } = runMetered(assemble(text(last)), 1000);
      expect(() => exports["run"]?.()).toThrow(RuntimeError);
      expect(gauge.isExhausted()).toBe(false);
      return gauge.consumed();
    };
    expect(consume("(unreachable)")).toBe(6n);
    expect(consume("(call $panic) (unreachable)")).toBe(7n);
    // As docs/wasm-limits.md has it: what the loop used so far is not in the report.
    expect(consume("(i32.store (i32.const -1) (i32.const 0))")).toBe(1n);
  });

  test("meterModule() charges a small function where it calls, once on each way through it", () => {
    const text = `(module
      (func $fib (param i32) (result i32)
        (if (result i32) (i32.lt_s (local.get 0) (i32.const 2)) (then (local.get 0))
          (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1)))
            (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
      (func $twice (param i32)
        (if (local.get 0) (then (drop (call $fib (i32.const 0)))))
        (drop (call $fib (i32.const 0))))
      (func (export "fib") (param i32) (result i32) (call $fib (local.get 0)))
      (func (export "twice") (param i32) (call $twice (local.get 0))))`;
    const { exports, gauge } = runMetered(assemble(text), 1000);
    expect(exports["fib"]?.(0)).toBe(0);
    expect(gauge.consumed()).toBe(1n);
    expect(exports["fib"]?.(5)).toBe(5);
    // Fifteen calls, of which eight end at once.
    expect(gauge.consumed()).toBe(1n + 1n + 7n);
    for (const way of [0, 1]) exports["twice"]?.(way);
    expect(gauge.consumed()).toBe(9n + 2n * 2n);
  });

  test("meterModule() keeps a start function back until the fuel is set", () => {
    const text = `(module (import "host" "tell" (func $tell)) (func $start (call $tell) (loop (br 0))) (start $start))`;
    const calls: string[] = [];
    const imports = { host: { tell: () => calls.push("start") } };
    const metered = meterModule(assemble(text), { maxMemoryBytes: 0 });
    instantiate(metered.bytes, imports);
    expect(calls).toEqual([]);
    expect(metered.startExport).toBe("toolpocket:start");
    expect(() => runMetered(assemble(text), 5, { imports })).toThrow(/unreachable/u);
    expect(calls).toEqual(["start"]);
  });

  test.each([
    ["memory.fill", `(memory.fill (i32.const 0) (i32.const 1) (local.get 0))`],
    ["memory.copy", `(memory.copy (i32.const 0) (i32.const 0) (local.get 0))`],
  ])("meterModule() charges %s by its size", (_, operation) => {
    const text = `(module (memory 4) (func (export "run") (param i32) ${operation}))`;
    const { exports, gauge } = runMetered(assemble(text), 10_000);
    exports["run"]?.(6400);
    expect(gauge.consumed()).toBe(101n);
    expect(() => exports["run"]?.(-1)).toThrow(/unreachable/u);
    expect(gauge.isExhausted()).toBe(true);
  });
});

describe("what a guest may not name", () => {
  /** A module with one global of its own, whose function does `code` with no locals. */
  const withCode = (...code: number[]): Uint8Array => {
    const body = [0x00, ...code, 0x0b];
    const type = [1, 4, 1, 0x60, 0, 0];
    const functions = [3, 2, 1, 0];
    const globals = [6, 6, 1, 0x7e, 1, 0x42, 0, 0x0b];
    const bodies = [10, body.length + 2, 1, body.length];
    return new Uint8Array([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0].concat(type, functions, globals, bodies, body));
  };

  test("meterModule() refuses code that names the counter before there is one", () => {
    // i64.const 5, global.set 1: not valid as it stands, it would be with one global more.
    expect(refuse(withCode(0x42, 5, 0x24, 1)).message).toMatch(/global 1 does not exist/u);
    expect(() => meterModule(withCode(0x42, 5, 0x24, 0), { maxMemoryBytes: 0 })).not.toThrow();
  });

  test("meterModule() refuses code that names the counter's copy", () => {
    expect(refuse(withCode(0x42, 5, 0x21, 0)).message).toMatch(/local 0 does not exist/u);
  });

  test("meterModule() refuses a module that exports the counter's name", () => {
    const refusal = refuse(`(module (global (export "${FUEL_GLOBAL}") (mut i64) (i64.const 9)))`);
    expect(refusal.reason).toBe("reserved-name");
  });
});

describe("memory", () => {
  test("meterModule() holds a memory that grows without end at the limit", () => {
    const text = `(module (memory (export "memory") 1)
      (func (export "run") (loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))))`;
    const { exports } = runMetered(assemble(text), 1_000_000, { maxMemoryBytes: 10 * PAGE });
    exports["run"]?.();
    expect((exports["memory"] as unknown as { buffer: ArrayBuffer }).buffer.byteLength).toBe(10 * PAGE);
  });

  test("meterModule() shares the limit between several memories", () => {
    const text = `(module (import "host" "memory" (memory 1)) (memory 1 2) (memory i64 1))`;
    const { memories } = meterModule(assemble(text), { maxMemoryBytes: 10 * PAGE });
    expect(memories.map(({ maximumBytes }) => maximumBytes / PAGE)).toEqual([4, 2, 4]);
  });

  test("meterModule() refuses a module that begins above the limit", () => {
    const refusal = refuse(`(module (memory 17))`);
    expect(refusal.reason).toBe("memory-limit");
    expect(refusal.message).toMatch(/begins with 1114112 bytes of memory, and may have 1048576/u);
  });

  test("meterModule() bounds tables too", () => {
    const text = `(module (table (export "table") 0 funcref)
      (func (export "run") (result i32) (table.grow 0 (ref.null func) (i32.const ${DEFAULT_MAX_TABLE_ELEMENTS + 1}))))`;
    const { exports } = runMetered(assemble(text), 1000);
    expect(exports["run"]?.()).toBe(-1);
    expect(refuse(`(module (table ${DEFAULT_MAX_TABLE_ELEMENTS + 1} funcref))`).reason).toBe("table-limit");
  });

  test("meterModule() takes no limit that is no natural number", () => {
    expect(() => meterModule(assemble("(module)"), { maxMemoryBytes: -1 })).toThrow(RangeError);
    expect(() => meterModule(assemble("(module)"), { maxMemoryBytes: Number.NaN })).toThrow(RangeError);
  });
});
