/** What follows an opcode in the bytes, by shape; each function moves over it. */
import { type Cursor, readByte, readU32, readVector, skipBytes, skipInteger } from "./cursor.ts";
import { ModuleRefusal } from "./refusal.ts";
import { countValueTypes, skipBlockType, skipHeapType } from "./value-types.ts";

/** The instruction that was read last: one object is filled again and again, a module has millions of them. */
export interface Instruction {
  /** The opcode's byte, or for an opcode of two parts `prefix * 0x1000 + second part`. */
  opcode: number;
  /**
   * The first two indexes among its immediates: of a local, global, memory, table, type or label. Of several labels the
   * first is the outermost; of a block it is 0 where the block has neither parameters nor results, else 1.
   */
  first: number;
  second: number;
}

export type Immediates = (cursor: Cursor, instruction: Instruction) => void;

export const nothing: Immediates = () => {};

export const index: Immediates = (cursor, instruction) => {
  instruction.first = readU32(cursor);
};

export const twoIndexes: Immediates = (cursor, instruction) => {
  instruction.first = readU32(cursor);
  instruction.second = readU32(cursor);
};

export const blockType: Immediates = (cursor, instruction) => {
  instruction.first = skipBlockType(cursor) ? 0 : 1;
};
export const heapType: Immediates = (cursor) => skipHeapType(cursor);
export const valueTypes: Immediates = (cursor) => void countValueTypes(cursor);
export const int32: Immediates = (cursor) => skipInteger(cursor, 5);
export const int64: Immediates = (cursor) => skipInteger(cursor, 10);
export const oneByte: Immediates = (cursor) => skipBytes(cursor, 1);
export const fourBytes: Immediates = (cursor) => skipBytes(cursor, 4);
export const eightBytes: Immediates = (cursor) => skipBytes(cursor, 8);
export const sixteenBytes: Immediates = (cursor) => skipBytes(cursor, 16);

/** Bit 6 of the alignment says that the index of a memory follows; the other high bits are proposals. */
export const memoryAccess: Immediates = (cursor) => {
  const start = cursor.at;
  const alignment = readU32(cursor);
  if (alignment > 0x7f || (alignment & 0x30) !== 0)
    throw new ModuleRefusal("unsupported", "The flags of a memory access are not known here", start);
  if ((alignment & 0x40) !== 0) readU32(cursor);
  skipInteger(cursor, 10);
};

export const memoryAccessWithLane: Immediates = (cursor, instruction) => {
  memoryAccess(cursor, instruction);
  skipBytes(cursor, 1);
};

/** br_table: labels, and one more for what is out of range. */
export const labels: Immediates = (cursor, instruction) => {
  let outermost = 0;
  readVector(cursor, () => {
    outermost = Math.max(outermost, readU32(cursor));
  });
  instruction.first = Math.max(outermost, readU32(cursor));
};

/** br_on_cast: which of the two types may be null, a label, from, to. */
export const castLabel: Immediates = (cursor, instruction) => {
  readByte(cursor);
  instruction.first = readU32(cursor);
  skipHeapType(cursor);
  skipHeapType(cursor);
};

/** try_table: its type, then what it catches. */
export const catches: Immediates = (cursor, instruction) => {
  blockType(cursor, instruction);
  readVector(cursor, () => {
    const start = cursor.at;
    const kind = readByte(cursor);
    if (kind > 3) throw new ModuleRefusal("unsupported", `The catch clause ${kind} is not known here`, start);
    if (kind < 2) readU32(cursor);
    readU32(cursor);
  });
};

/** resume: a continuation's type, then what it handles. */
export const handlers: Immediates = (cursor) => {
  readU32(cursor);
  skipHandlers(cursor);
};

/** resume_throw: as resume, with a tag. */
export const tagAndHandlers: Immediates = (cursor) => {
  readU32(cursor);
  readU32(cursor);
  skipHandlers(cursor);
};

function skipHandlers(cursor: Cursor): void {
  readVector(cursor, () => {
    const start = cursor.at;
    const kind = readByte(cursor);
    if (kind > 1) throw new ModuleRefusal("unsupported", `The handler ${kind} is not known here`, start);
    readU32(cursor);
    if (kind === 0) readU32(cursor);
  });
}
