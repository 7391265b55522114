/** Collects the bytes of the rewritten module. */

/** A buffer that grows. `length` may be set back to write over what follows. */
export interface Sink {
  bytes: Uint8Array<ArrayBuffer>;
  length: number;
}

export function createSink(capacity: number): Sink {
  return { bytes: new Uint8Array(capacity), length: 0 };
}

export function writeByte(sink: Sink, byte: number): void {
  if (sink.length === sink.bytes.length) grow(sink, 1);
  sink.bytes[sink.length] = byte;
  sink.length += 1;
}

export function writeBytes(sink: Sink, bytes: ArrayLike<number>): void {
  for (let index = 0; index < bytes.length; index += 1) writeByte(sink, bytes[index] as number);
}

/** Copies `from` between two offsets. */
export function copyRange(sink: Sink, from: Uint8Array, start: number, end: number): void {
  const count = end - start;
  if (sink.length + count > sink.bytes.length) grow(sink, count);
  // A loop beats set() and its subarray() for the few bytes between two checkpoints.
  if (count < 64)
    for (let index = 0; index < count; index += 1) sink.bytes[sink.length + index] = from[start + index] as number;
  else sink.bytes.set(from.subarray(start, end), sink.length);
  sink.length += count;
}

export function writeU32(sink: Sink, value: number): void {
  let rest = value;
  while (rest > 0x7f) {
    writeByte(sink, (rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  writeByte(sink, rest);
}

export function writeU64(sink: Sink, value: bigint): void {
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) writeByte(sink, Number(rest & 0x7fn) | 0x80);
  writeByte(sink, Number(rest));
}

/** A signed integer that is not negative. */
export function writeNatural(sink: Sink, value: number): void {
  let rest = value;
  while (rest > 0x3f) {
    writeByte(sink, (rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  writeByte(sink, rest);
}

export function writeName(sink: Sink, name: string): void {
  const bytes = new TextEncoder().encode(name);
  writeU32(sink, bytes.length);
  copyRange(sink, bytes, 0, bytes.length);
}

/** The bytes written so far, in a buffer of their own. */
export function takeBytes(sink: Sink): Uint8Array<ArrayBuffer> {
  return sink.bytes.slice(0, sink.length);
}

function grow(sink: Sink, count: number): void {
  const bytes = new Uint8Array(Math.max(sink.bytes.length * 2, sink.length + count));
  bytes.set(sink.bytes.subarray(0, sink.length));
  sink.bytes = bytes;
}
