/** The snapshot as a module: what it puts into a new memory is what the snapshot holds. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  encodeSnapshotModule,
  RESTORE_FUNCTION,
  SNAPSHOT_HEADER_SECTION,
} from "../../../../src/guest/worker/python/encode-snapshot.ts";

const PAGE_BYTES = 65_536;
const HEADER_BYTES = 32;

/** The types of Node have no WebAssembly. */
interface Engine {
  Module: (new (bytes: Uint8Array<ArrayBuffer>) => object) & {
    customSections(module: object, name: string): ArrayBuffer[];
  };
  Instance: new (module: object, imports: object) => { exports: Record<string, () => void> };
  Memory: new (limits: { initial: number }) => { buffer: ArrayBuffer };
  RuntimeError: new (message: string) => Error;
}
const engine = Reflect.get(globalThis, "WebAssembly") as Engine;

/** A snapshot as Pyodide makes it: magic, length of the header, length of its JSON, …; then the memory. */
function makeSnapshot(memory: Uint8Array): Uint8Array {
  const snapshot = new Uint8Array(HEADER_BYTES + memory.length);
  new Uint32Array(snapshot.buffer).set([0x706e7300, HEADER_BYTES, 4, 0]);
  snapshot.set(new TextEncoder().encode("json"), 16);
  snapshot.set(memory, HEADER_BYTES);
  return snapshot;
}

interface Restored {
  readonly memory: Uint8Array;
  readonly header: Uint8Array | undefined;
  readonly size: number;
}

/** @param dirty what stands in the memory before */
function restore(snapshot: Uint8Array, pages: number, dirty: Readonly<Record<number, number>> = {}): Restored {
  const bytes = encodeSnapshotModule(snapshot);
  const module = new engine.Module(bytes);
  const memory = new engine.Memory({ initial: pages });
  const contents = new Uint8Array(memory.buffer);
  for (const [offset, byte] of Object.entries(dirty)) contents[Number(offset)] = byte;
  new engine.Instance(module, { env: { memory } }).exports[RESTORE_FUNCTION]?.();
  const [header] = engine.Module.customSections(module, SNAPSHOT_HEADER_SECTION);
  return { memory: contents, header: header && new Uint8Array(header), size: bytes.length };
}

describe("encodeSnapshotModule()", () => {
  it("encodeSnapshotModule() makes a new memory the snapshot's when any of it was written", () => {
    const write = fc.record({
      offset: fc.nat(PAGE_BYTES * 16 - 1),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 5_000 }),
    });
    fc.assert(
      fc.property(fc.array(write, { maxLength: 8 }), (writes) => {
        const memory = new Uint8Array(PAGE_BYTES * 16);
        for (const { offset, bytes } of writes) memory.set(bytes.subarray(0, memory.length - offset), offset);
        expect(Buffer.compare(restore(makeSnapshot(memory), 16).memory, memory)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it("encodeSnapshotModule() keeps what stands before the memory when a snapshot has it", () => {
    const snapshot = makeSnapshot(new Uint8Array(PAGE_BYTES).fill(1));
    expect(restore(snapshot, 1).header).toEqual(snapshot.slice(0, HEADER_BYTES));
  });

  it("encodeSnapshotModule() leaves long runs of zeros out, and short ones in, when a memory has them", () => {
    const memory = new Uint8Array(PAGE_BYTES * 64);
    for (const offset of [0, 100_000, memory.length - 1]) memory[offset] = 1;
    const { size, memory: restored } = restore(makeSnapshot(memory), 64);
    expect(size).toBeGreaterThan(100_000);
    expect(size).toBeLessThan(120_000);
    expect(Buffer.compare(restored, memory)).toBe(0);
  });

  it("encodeSnapshotModule() fills the short runs of zeros too when the interpreter has been there before", () => {
    const memory = new Uint8Array(PAGE_BYTES);
    memory[0] = memory[50_000] = 1;
    expect(Buffer.compare(restore(makeSnapshot(memory), 1, { 20_000: 9 }).memory, memory)).toBe(0);
  });

  it("encodeSnapshotModule() fails to restore when the memory is shorter than the snapshot's", () => {
    expect(() => restore(makeSnapshot(new Uint8Array(PAGE_BYTES * 2).fill(1)), 1)).toThrow(engine.RuntimeError);
  });
});
