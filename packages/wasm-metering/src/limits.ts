/** The limits of memories and tables: read and written. */
import { type Cursor, readByte, readU32, readU64 } from "./cursor.ts";
import { ModuleRefusal } from "./refusal.ts";
import { type Sink, writeByte, writeU32, writeU64 } from "./sink.ts";

const HAS_MAXIMUM = 1;
const IS_SHARED = 2;
const IS_64_BIT = 4;
const HAS_PAGE_SIZE = 8;
const DEFAULT_PAGE_SIZE_LOG2 = 16;

/** As declared; memories count in pages, tables in elements. */
export interface Limits {
  readonly initial: bigint;
  readonly maximum: bigint;
  readonly flags: number;
  readonly hasMaximum: boolean;
  readonly pageSizeLog2: number;
  /** Where they stand in the module's bytes. */
  readonly start: number;
  readonly end: number;
}

/**
 * A memory that declares no maximum may have its whole address space.
 * @throws ModuleRefusal for what becomes valid when metering lowers the maximum, or sets one.
 */
export function readMemoryLimits(cursor: Cursor): Limits {
  const limits = readLimits(cursor, HAS_MAXIMUM | IS_SHARED | IS_64_BIT | HAS_PAGE_SIZE);
  const addressable = 1n << BigInt((is64Bit(limits) ? 64 : 32) - limits.pageSizeLog2);
  const declared = limits.hasMaximum ? limits.maximum : limits.initial;
  if (declared > addressable)
    throw new ModuleRefusal("malformed", "A memory is larger than its address space", limits.start);
  if ((limits.flags & IS_SHARED) !== 0 && !limits.hasMaximum)
    throw new ModuleRefusal("malformed", "A shared memory has no maximum", limits.start);
  return limits.hasMaximum ? limits : { ...limits, maximum: addressable };
}

export function readTableLimits(cursor: Cursor): Limits {
  return readLimits(cursor, HAS_MAXIMUM | IS_64_BIT);
}

/** Whether addresses, and with them the sizes of bulk operations, have 64 bits. */
export function is64Bit(limits: Limits): boolean {
  return (limits.flags & IS_64_BIT) !== 0;
}

export function writeLimits(sink: Sink, limits: Limits, maximum: bigint): void {
  writeByte(sink, limits.flags | HAS_MAXIMUM);
  writeU64(sink, limits.initial);
  writeU64(sink, maximum);
  if ((limits.flags & HAS_PAGE_SIZE) !== 0) writeU32(sink, limits.pageSizeLog2);
}

function readLimits(cursor: Cursor, allowedFlags: number): Limits {
  const start = cursor.at;
  const flags = readByte(cursor);
  if ((flags & ~allowedFlags) !== 0)
    throw new ModuleRefusal("unsupported", `The flags 0x${flags.toString(16)} of a limit are not known here`, start);
  const is64 = (flags & IS_64_BIT) !== 0;
  const initial = is64 ? readU64(cursor) : BigInt(readU32(cursor));
  let maximum = is64 ? (1n << 64n) - 1n : (1n << 32n) - 1n;
  if ((flags & HAS_MAXIMUM) !== 0) maximum = is64 ? readU64(cursor) : BigInt(readU32(cursor));
  const pageSizeLog2 = (flags & HAS_PAGE_SIZE) === 0 ? DEFAULT_PAGE_SIZE_LOG2 : readU32(cursor);
  if (pageSizeLog2 > DEFAULT_PAGE_SIZE_LOG2)
    throw new ModuleRefusal("unsupported", `Pages of 2^${pageSizeLog2} bytes are not known here`, start);
  if (initial > maximum) throw new ModuleRefusal("malformed", "A limit begins above its own maximum", start);
  return { initial, maximum, flags, hasMaximum: (flags & HAS_MAXIMUM) !== 0, pageSizeLog2, start, end: cursor.at };
}
