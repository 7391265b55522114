/** Reads the types of values, blocks and references: https://webassembly.github.io/spec/core/binary/types.html */
import { type Cursor, readByte, readU32, readVector } from "./cursor.ts";
import { ModuleRefusal } from "./refusal.ts";

const EMPTY_BLOCK = 0x40;
const REF = 0x64;
const NULLABLE_REF = 0x63;
const PACKED_I16 = 0x77;
const PACKED_I8 = 0x78;

/** i32, i64, f32, f64, v128. */
const NUMBERS = new Set([0x7f, 0x7e, 0x7d, 0x7c, 0x7b]);
/** nocont, noexn, nofunc, noextern, none, func, extern, any, eq, i31, struct, array, exn, cont. */
const ABSTRACT_HEAPS = new Set([0x75, 0x74, 0x73, 0x72, 0x71, 0x70, 0x6f, 0x6e, 0x6d, 0x6c, 0x6b, 0x6a, 0x69, 0x68]);

export function skipValueType(cursor: Cursor): void {
  const start = cursor.at;
  const first = readByte(cursor);
  if (NUMBERS.has(first) || ABSTRACT_HEAPS.has(first)) return;
  if (first !== REF && first !== NULLABLE_REF) throw unknownType(first, start);
  skipHeapType(cursor);
}

/** An abstract heap type in one byte, or the index of a type. */
export function skipHeapType(cursor: Cursor): void {
  const start = cursor.at;
  const first = cursor.bytes[start] as number;
  if (first < 0x80 && first >= 0x40) {
    readByte(cursor);
    if (!ABSTRACT_HEAPS.has(first)) throw unknownType(first, start);
  } else skipTypeIndex(cursor);
}

/** Moves over the type of a block. @returns whether the block has neither parameters nor results. */
export function skipBlockType(cursor: Cursor): boolean {
  const first = cursor.bytes[cursor.at] as number;
  if (first === EMPTY_BLOCK) readByte(cursor);
  else if (first < 0x80 && first > EMPTY_BLOCK) skipValueType(cursor);
  else skipTypeIndex(cursor);
  return first === EMPTY_BLOCK;
}

/** A field of a struct or array: what it stores, and whether it can change. */
export function skipFieldType(cursor: Cursor): void {
  const first = cursor.bytes[cursor.at];
  if (first === PACKED_I8 || first === PACKED_I16) readByte(cursor);
  else skipValueType(cursor);
  readByte(cursor);
}

/** The number of value types in a vector of them. */
export function countValueTypes(cursor: Cursor): number {
  return readVector(cursor, () => skipValueType(cursor));
}

/** A type's index where a signed integer of 33 bits stands: the highest bit of the last byte is the sign. */
function skipTypeIndex(cursor: Cursor): void {
  const start = cursor.at;
  readU32(cursor);
  const last = cursor.bytes[cursor.at - 1] as number;
  if (cursor.at - start < 5 && (last & 0x40) !== 0)
    throw new ModuleRefusal("malformed", "The index of a type is negative", start);
}

function unknownType(byte: number, offset: number): ModuleRefusal {
  return new ModuleRefusal("unsupported", `The type 0x${byte.toString(16)} is not known here`, offset);
}
