/** Reads the primitive values of the binary format: bytes, LEB128 integers and names. */
import { ModuleRefusal } from "./refusal.ts";

/** A place in a module's bytes that moves forward, and never beyond `end`. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function createCursor(bytes: Uint8Array, at = 0, end = bytes.length): Cursor {
  return { bytes, at, end };
}

export function readByte(cursor: Cursor): number {
  const byte = cursor.bytes[cursor.at];
  if (byte === undefined || cursor.at >= cursor.end) throw endsEarly(cursor);
  cursor.at += 1;
  return byte;
}

/** Moves past `count` bytes. */
export function skipBytes(cursor: Cursor, count: number): void {
  if (count > cursor.end - cursor.at) throw endsEarly(cursor);
  cursor.at += count;
}

/** An unsigned integer of 32 bits, in at most five bytes. */
export function readU32(cursor: Cursor): number {
  const start = cursor.at;
  let byte = readByte(cursor);
  if (byte < 0x80) return byte;
  let value = byte & 0x7f;
  for (let shift = 7; shift < 28; shift += 7) {
    byte = readByte(cursor);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  byte = readByte(cursor);
  if (byte > 0x0f) throw new ModuleRefusal("malformed", "An integer is longer than 32 bits", start);
  return value + byte * 0x1000_0000;
}

/** An unsigned integer of 64 bits, in at most ten bytes. */
export function readU64(cursor: Cursor): bigint {
  const start = cursor.at;
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = readByte(cursor);
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) {
      if (value >= 1n << 64n) break;
      return value;
    }
  }
  throw new ModuleRefusal("malformed", "An integer is longer than 64 bits", start);
}

/** Moves past one LEB128 integer of at most `maxBytes` bytes. */
export function skipInteger(cursor: Cursor, maxBytes: number): void {
  const { bytes, at } = cursor;
  const limit = Math.min(at + maxBytes, cursor.end);
  for (let next = at; next < limit; next += 1) {
    if ((bytes[next] as number) < 0x80) {
      cursor.at = next + 1;
      return;
    }
  }
  if (limit === cursor.end) throw endsEarly(cursor);
  throw new ModuleRefusal("malformed", "An integer has too many bytes", at);
}

/** A name: its length, then UTF-8. */
export function readName(cursor: Cursor): string {
  const length = readU32(cursor);
  const start = cursor.at;
  skipBytes(cursor, length);
  try {
    return utf8.decode(cursor.bytes.subarray(start, cursor.at));
  } catch {
    throw new ModuleRefusal("malformed", "A name is not valid UTF-8", start);
  }
}

/** Calls `read` once for each entry of a vector. Nothing is allocated by the count, which may be a lie. */
export function readVector(cursor: Cursor, read: (index: number) => void): number {
  const count = readU32(cursor);
  for (let index = 0; index < count; index += 1) read(index);
  return count;
}

function endsEarly(cursor: Cursor): ModuleRefusal {
  return cursor.end === cursor.bytes.length
    ? new ModuleRefusal("truncated", "The module ends early", cursor.at)
    : new ModuleRefusal("malformed", "A section or function body is shorter than its content", cursor.at);
}
