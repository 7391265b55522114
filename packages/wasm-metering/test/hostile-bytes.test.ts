import fc from "fast-check";
import { expect, test } from "vitest";
import { inspectModule, meterModule, ModuleRefusal, REFUSAL_REASONS } from "../src/index.ts";
import { assemble, MEGABYTE } from "./assemble.ts";
import { isValid } from "./engine.ts";

const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const GUEST = assemble(`(module
  (type $unary (func (param i32) (result i32)))
  (import "host" "log" (func $log (type $unary)))
  (import "host" "table" (table 1 10 funcref))
  (memory (export "memory") 1) (global $count (mut i32) (i32.const 0))
  (func $work (export "work") (type $unary) (local i64 f64)
    (block $done (loop $again
      (br_if $done (i32.eqz (local.get 0)))
      (global.set $count (call $log (local.get 0)))
      (memory.fill (i32.const 0) (i32.const 7) (local.get 0))
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br $again)))
    (call_indirect (type $unary) (global.get $count) (i32.const 0)))
  (elem (i32.const 0) $work) (data (i32.const 8) "hello"))`);

/** What the first has not: a start function, a memory that is shared, one of its own table's maxima, a tag. */
const OTHER_GUEST = assemble(`(module
  (type $nothing (func)) (type $unary (func (param i32) (result i32)))
  (memory 1 3 shared) (table 1 9 funcref) (global i32 (i32.const 4)) (tag (param i32))
  (func $start) (func $unary (param i32) (result i32) (local.get 0)) (func (result i32) (call $unary (i32.const 1)))
  (export "unary" (func $unary)) (start $start))`);

/** Metered, or refused with a reason; anything else is thrown on. */
function tryMeter(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  try {
    return meterModule(bytes, { maxMemoryBytes: MEGABYTE }).bytes;
  } catch (error) {
    if (!(error instanceof ModuleRefusal) || !REFUSAL_REASONS.includes(error.reason)) throw error;
    return undefined;
  }
}

test("meterModule() refuses or rewrites a module with changed bytes, and never makes an invalid one valid", () => {
  const change = fc.record({ at: fc.nat(1_000), to: fc.oneof(fc.nat(255), fc.nat(8)) });
  fc.assert(
    fc.property(
      fc.constantFrom(GUEST, OTHER_GUEST),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      (guest, changes) => {
        const bytes = guest.slice();
        for (const { at, to } of changes) bytes[at % bytes.length] = to;
        const metered = tryMeter(bytes);
        return metered === undefined || !isValid(metered) || isValid(bytes);
      },
    ),
    { numRuns: 6000 },
  );
});

test("meterModule() refuses an export of the global that it would add", () => {
  const name = new TextEncoder().encode("work");
  const at = GUEST.findIndex((_byte, place) => name.every((byte, offset) => GUEST[place + offset] === byte));
  // The export's kind and index: a function, the module's only global, the one behind it.
  const variants = [
    [0, 1],
    [3, 0],
    [3, 1],
  ].map(([kind = 0, index = 0]) => {
    const bytes = GUEST.slice();
    bytes.set([kind, index], at + name.length);
    return tryMeter(bytes) !== undefined;
  });
  expect(variants).toEqual([true, true, false]);
});

test("meterModule() refuses every module that is cut short within a section", () => {
  for (let length = 0; length < GUEST.length; length += 1) {
    const metered = tryMeter(GUEST.slice(0, length));
    expect(metered === undefined || isValid(GUEST.slice(0, length)), `cut at ${length}`).toBe(true);
  }
});

test("meterModule() and inspectModule() survive any bytes behind a module's header", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (content) => {
      const bytes = new Uint8Array([...HEADER, ...content]);
      tryMeter(bytes);
      expect(inspectModule(bytes).kind).toBeTypeOf("string");
    }),
    { numRuns: 2000 },
  );
});

const HUGE = [0xff, 0xff, 0xff, 0xff, 0x0f];

test.each([
  ["a section of 4 GB", [1, ...HUGE]],
  ["4 billion types", [1, 6, ...HUGE, 0x60]],
  ["4 billion imports", [2, 5, ...HUGE]],
  ["a name of 4 GB", [2, 7, 1, ...HUGE, 0x61]],
  ["4 billion functions", [3, 5, ...HUGE]],
  ["an integer without end", [1, 10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ["a section that no engine knows", [99, 0]],
  ["a section twice", [1, 1, 0, 1, 1, 0]],
  ["sections out of order", [3, 1, 0, 1, 1, 0]],
  ["functions without code", [1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0]],
  ["a shared memory without a maximum", [5, 3, 1, 2, 1]],
  ["a memory that begins beyond 4 GB", [5, 5, 1, 0, 0x81, 0x80, 0x04]],
  ["a memory that may grow beyond 4 GB", [5, 6, 1, 1, 1, 0x81, 0x80, 0x04]],
  ["a start function that takes a value", [1, 5, 1, 0x60, 1, 0x7f, 0, 3, 2, 1, 0, 8, 1, 0, 10, 4, 1, 2, 0, 0x0b]],
  [
    "a start function that gives a value",
    [1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 8, 1, 0, 10, 6, 1, 4, 0, 0x41, 0, 0x0b],
  ],
])("meterModule() refuses %s at once", (_, content) => {
  expect(tryMeter(new Uint8Array([...HEADER, ...content]))).toBeUndefined();
});

/** A module with one function of type [] → [] and this body. */
function withBody(body: readonly number[]): Uint8Array {
  const size = (value: number): number[] => [
    (value & 0x7f) | 0x80,
    ((value >> 7) & 0x7f) | 0x80,
    ((value >> 14) & 0x7f) | 0x80,
    value >> 21,
  ];
  const head = [...HEADER, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, ...size(body.length + 5), 1, ...size(body.length)];
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

test("meterModule() counts locals without making room for them", () => {
  expect(tryMeter(withBody([1, ...HUGE, 0x7f, 0x0b]))).toBeInstanceOf(Uint8Array);
  expect(tryMeter(withBody([2, ...HUGE, 0x7f, ...HUGE, 0x7f, 0x0b]))).toBeUndefined();
});

test("meterModule() takes a million nested loops without recursion", () => {
  const depth = 1_000_000;
  const body = [0];
  for (let level = 0; level < depth; level += 1) body.push(0x03, 0x40);
  for (let level = 0; level <= depth; level += 1) body.push(0x0b);
  expect(tryMeter(withBody(body))).toBeInstanceOf(Uint8Array);
});

test("meterModule() takes as many branches as nested loops, each out of all of them", () => {
  const depth = 200_000;
  const body = [0];
  for (let level = 0; level < depth; level += 1) body.push(0x03, 0x40);
  // i32.const 0, br_if 200000
  for (let branch = 0; branch < depth; branch += 1) body.push(0x41, 0x00, 0x0d, 0xc0, 0x9a, 0x0c);
  for (let level = 0; level <= depth; level += 1) body.push(0x0b);
  expect(tryMeter(withBody(body))).toBeInstanceOf(Uint8Array);
});

test.each([
  ["0xe5, which engines disagree about", [0, 0xe5, 0, 0, 0x0b]],
  ["an opcode without meaning", [0, 0xff, 0x0b]],
  ["a prefixed opcode beyond the known", [0, 0xfd, 0xa0, 0x02, 0x0b]],
])("meterModule() refuses %s as unsupported", (_, body) => {
  expect(() => meterModule(withBody(body), { maxMemoryBytes: 0 })).toThrow(/instruction 0x[\da-f]+ is not known/u);
});
