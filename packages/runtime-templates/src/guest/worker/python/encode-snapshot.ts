/**
 * A memory snapshot of Python as a WebAssembly module: its data segments are the memory's contents. The engine keeps the
 * bytes of a module once for all workers that have it, and no code can change them, so that an instance needs no copy of its
 * own to start from. Long runs of zeros are left out: a new memory is zero there.
 * What a snapshot begins with is Pyodide's.
 */
import { concatBytes } from "../concat-bytes.ts";
import {
  CUSTOM_SECTION,
  encodeName,
  encodeSection,
  encodeSigned,
  encodeUnsigned,
  MODULE_PREAMBLE,
} from "./encode-module.ts";

/** The custom section with what stands before the memory in Pyodide's snapshot: build id and references to JavaScript. */
export const SNAPSHOT_HEADER_SECTION = "pyodide-snapshot";
/** The function that fills the memory `env.memory`, which is new and at least as long as that of the snapshot. */
export const RESTORE_FUNCTION = "restore";
/** Shorter runs of zeros are written: the interpreter may have been there before its memory is filled. */
const SKIPPED_ZEROS = 262_144;
const BLOCK_BYTES = 4_096;

/** Where the header's length stands in a snapshot, in words of four bytes. */
const HEADER_LENGTH_WORD = 1;

/** Opcodes. */
const I32_CONST = 0x41;
const MEMORY_INIT = [0xfc, 0x08];
const END = 0x0b;

/** A part of the memory, from `start` to before `end`. */
interface Extent {
  readonly start: number;
  readonly end: number;
}

/** @param snapshot as Pyodide's `makeMemorySnapshot()` gives it */
export function encodeSnapshotModule(snapshot: Uint8Array): Uint8Array<ArrayBuffer> {
  const headerBytes = new DataView(snapshot.buffer, snapshot.byteOffset).getUint32(HEADER_LENGTH_WORD * 4, true);
  const memory = snapshot.subarray(headerBytes);
  const extents = findContents(memory);
  return concatBytes([
    MODULE_PREAMBLE,
    encodeSection(CUSTOM_SECTION, [encodeName(SNAPSHOT_HEADER_SECTION), snapshot.subarray(0, headerBytes)]),
    // One type: of a function without parameters and results.
    encodeSection(1, [Uint8Array.of(1, 0x60, 0, 0)]),
    // The memory, of any size.
    encodeSection(2, [Uint8Array.of(1), encodeName("env"), encodeName("memory"), Uint8Array.of(0x02, 0x00, 0)]),
    encodeSection(3, [Uint8Array.of(1, 0)]),
    encodeSection(7, [Uint8Array.of(1), encodeName(RESTORE_FUNCTION), Uint8Array.of(0x00, 0)]),
    encodeSection(12, [encodeUnsigned(extents.length)]),
    encodeSection(10, [Uint8Array.of(1), encodeRestore(extents)]),
    encodeSection(11, [encodeUnsigned(extents.length), ...extents.flatMap((extent) => encodeSegment(memory, extent))]),
  ]);
}

/** What of the memory is written: all but its long runs of zeros. */
function findContents(memory: Uint8Array): Extent[] {
  const extents: { start: number; end: number }[] = [];
  for (let start = 0; start < memory.length; start += BLOCK_BYTES) {
    const end = Math.min(start + BLOCK_BYTES, memory.length);
    if (isZero(memory, start, end)) continue;
    const last = extents.at(-1);
    if (last && start - last.end < SKIPPED_ZEROS) last.end = end;
    else extents.push({ start, end });
  }
  return extents;
}

/** A plain loop: millions of calls of a function would take a second. */
function isZero(memory: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) if (memory[index] !== 0) return false;
  return true;
}

/** The function's body: each segment is copied to its place. */
function encodeRestore(extents: readonly Extent[]): Uint8Array {
  const copies = extents.map(({ start, end }, segment) =>
    concatBytes([
      Uint8Array.of(I32_CONST),
      encodeSigned(start),
      Uint8Array.of(I32_CONST, 0, I32_CONST),
      encodeSigned(end - start),
      Uint8Array.of(...MEMORY_INIT),
      encodeUnsigned(segment),
      Uint8Array.of(0),
    ]),
  );
  const body = concatBytes([Uint8Array.of(0), ...copies, Uint8Array.of(END)]);
  return concatBytes([encodeUnsigned(body.length), body]);
}

/** A passive segment, of mode 1. */
function encodeSegment(memory: Uint8Array, { start, end }: Extent): Uint8Array[] {
  return [Uint8Array.of(1), encodeUnsigned(end - start), memory.subarray(start, end)];
}
