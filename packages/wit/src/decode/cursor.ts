/** Reads the primitive values of the binary format: bytes, LEB128 integers and names. */
import { WitRefusal } from "../refusal.ts";

/** A place in a component's bytes that moves forward, and never beyond `end`. */
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
  if (byte === undefined || cursor.at >= cursor.end) throw malformed("it ends early", cursor);
  cursor.at += 1;
  return byte;
}

export function readU32(cursor: Cursor): number {
  const value = readLeb(cursor, 5);
  if (value < 0n || value > 0xffff_ffffn) throw malformed("an integer is longer than 32 bits", cursor);
  return Number(value);
}

/** A signed integer of 33 bits: an index where it is not negative, else the code of a primitive type. */
export function readS33(cursor: Cursor): number {
  const start = cursor.at;
  const value = readLeb(cursor, 5);
  const bits = BigInt(cursor.at - start) * 7n;
  return Number(BigInt.asIntN(Number(bits), value));
}

function readLeb(cursor: Cursor, maxBytes: number): bigint {
  let value = 0n;
  for (let index = 0; index < maxBytes; index += 1) {
    const byte = readByte(cursor);
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return value;
  }
  throw malformed("an integer has too many bytes", cursor);
}

export function readName(cursor: Cursor): string {
  const length = readU32(cursor);
  if (length > cursor.end - cursor.at) throw malformed("it ends early", cursor);
  const bytes = cursor.bytes.subarray(cursor.at, cursor.at + length);
  cursor.at += length;
  try {
    return utf8.decode(bytes);
  } catch {
    throw malformed("a name is not valid UTF-8", cursor);
  }
}

/** What `read` gives for each entry of a vector. Nothing is allocated by the count, which may be a lie. */
export function readVector<Item>(cursor: Cursor, read: () => Item): Item[] {
  const count = readU32(cursor);
  const items: Item[] = [];
  for (let index = 0; index < count; index += 1) items.push(read());
  return items;
}

/** The part of the bytes that a length before it announces; the cursor moves behind it. */
export function readPart(cursor: Cursor): Cursor {
  const length = readU32(cursor);
  if (length > cursor.end - cursor.at) throw malformed("a section is longer than the component", cursor);
  const part = createCursor(cursor.bytes, cursor.at, cursor.at + length);
  cursor.at = part.end;
  return part;
}

export function malformed(what: string, { at }: Cursor): WitRefusal {
  return new WitRefusal("malformed", `the component is malformed: ${what} (at byte ${at})`);
}
