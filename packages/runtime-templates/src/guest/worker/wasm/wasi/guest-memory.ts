/** A module's memory as WASI calls use it: every access within its bounds, addresses taken as unsigned. */
import { WasiError } from "./errno.ts";

export interface GuestMemory {
  /** Numbers at an address, little endian. */
  view(address: number, length: number): DataView;
  /** The memory's own bytes, not a copy. */
  bytes(address: number, length: number): Uint8Array;
  /** The buffers that `count` pairs of address and length at `address` name, each made when it is its turn. */
  buffers(address: number, count: number): Iterable<Uint8Array>;
}

/** What a `WebAssembly.Memory` is here; growing replaces its buffer. */
export interface MemoryLike {
  readonly buffer: ArrayBufferLike;
}

const PAIR_BYTES = 8;

/** @param memory gives nothing as long as there is no instance, or where it exports none */
export function createGuestMemory(memory: () => MemoryLike | undefined): GuestMemory {
  function range(address: number, length: number): { buffer: ArrayBufferLike; start: number; size: number } {
    const buffer = memory()?.buffer;
    const start = address >>> 0;
    const size = length >>> 0;
    if (buffer === undefined || start + size > buffer.byteLength) throw new WasiError("fault");
    return { buffer, start, size };
  }
  function view(address: number, length: number): DataView {
    const { buffer, start, size } = range(address, length);
    return new DataView(buffer, start, size);
  }
  function bytes(address: number, length: number): Uint8Array {
    const { buffer, start, size } = range(address, length);
    return new Uint8Array(buffer, start, size);
  }
  return {
    view,
    bytes,
    *buffers(address, count) {
      const start = address >>> 0;
      const total = count >>> 0;
      for (let index = 0; index < total; index += 1) {
        const pair = view(start + index * PAIR_BYTES, PAIR_BYTES);
        yield bytes(pair.getUint32(0, true), pair.getUint32(4, true));
      }
    },
  };
}
