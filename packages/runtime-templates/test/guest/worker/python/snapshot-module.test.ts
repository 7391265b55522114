/** The snapshot as a module: what it puts into a new memory is what the snapshot holds. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  encodeSnapshotModule,
  readSnapshotHeader,
  restoreMemory,
} from "../../../../src/guest/worker/python/snapshot-module.ts";

const PAGE_BYTES = 65_536;
const HEADER_BYTES = 32;

/** A snapshot as Pyodide makes it: magic, length of the header, length of its JSON, …; then the memory. */
function makeSnapshot(memory: Uint8Array): Uint8Array {
  const snapshot = new Uint8Array(HEADER_BYTES + memory.length);
  new Uint32Array(snapshot.buffer).set([0x706e7300, HEADER_BYTES, 4, 0]);
  snapshot.set(new TextEncoder().encode("json"), 16);
  snapshot.set(memory, HEADER_BYTES);
  return snapshot;
}

function restore(snapshot: Uint8Array, pages: number): { memory: Uint8Array; header: Uint8Array; size: number } {
  const bytes = encodeSnapshotModule(snapshot);
  const module = new WebAssembly.Module(bytes);
  const memory = new WebAssembly.Memory({ initial: pages });
  restoreMemory(module, memory);
  return { memory: new Uint8Array(memory.buffer), header: readSnapshotHeader(module), size: bytes.length };
}

describe("encodeSnapshotModule()", () => {
  it("restoreMemory() makes a new memory the snapshot's when any of it was written", () => {
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

  it("readSnapshotHeader() gives what stands before the memory when it is asked", () => {
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

  it("restoreMemory() fills the short runs of zeros too when the interpreter has been there before", () => {
    const memory = new Uint8Array(PAGE_BYTES);
    memory[0] = memory[50_000] = 1;
    const dirty = new WebAssembly.Memory({ initial: 1 });
    new Uint8Array(dirty.buffer)[20_000] = 9;
    restoreMemory(new WebAssembly.Module(encodeSnapshotModule(makeSnapshot(memory))), dirty);
    expect(new Uint8Array(dirty.buffer)[20_000]).toBe(0);
  });

  it("restoreMemory() throws when the memory is shorter than the snapshot's", () => {
    const module = new WebAssembly.Module(encodeSnapshotModule(makeSnapshot(new Uint8Array(PAGE_BYTES * 2).fill(1))));
    expect(() => restoreMemory(module, new WebAssembly.Memory({ initial: 1 }))).toThrow(WebAssembly.RuntimeError);
  });

  it("readSnapshotHeader() throws when the module is none of a snapshot", () => {
    const empty = new WebAssembly.Module(Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00));
    expect(() => readSnapshotHeader(empty)).toThrow("no header");
  });
});
