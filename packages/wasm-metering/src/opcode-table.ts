/**
 * Which immediates each opcode has, for WebAssembly 3.0 and for what Chromium has beyond it: threads, legacy exceptions,
 * stack switching, wide arithmetic. An opcode that is missing here is refused, never passed unmetered.
 */
import {
  blockType,
  castLabel,
  catches,
  eightBytes,
  fourBytes,
  handlers,
  heapType,
  type Immediates,
  index,
  int32,
  int64,
  labels,
  memoryAccess,
  memoryAccessWithLane,
  nothing,
  oneByte,
  sixteenBytes,
  tagAndHandlers,
  twoIndexes,
  valueTypes,
} from "./immediates.ts";

/** First opcode, last opcode, what follows each of them. */
type OpcodeRange = readonly [first: number, last: number, immediates: Immediates];

const ONE_BYTE: readonly OpcodeRange[] = [
  [0x00, 0x01, nothing], // unreachable, nop
  [0x02, 0x04, blockType], // block, loop, if
  [0x05, 0x05, nothing], // else
  [0x06, 0x06, blockType], // try
  [0x07, 0x09, index], // catch, throw, rethrow
  [0x0a, 0x0b, nothing], // throw_ref, end
  [0x0c, 0x0d, index], // br, br_if
  [0x0e, 0x0e, labels], // br_table
  [0x0f, 0x0f, nothing], // return
  [0x10, 0x10, index], // call
  [0x11, 0x11, twoIndexes], // call_indirect
  [0x12, 0x12, index], // return_call
  [0x13, 0x13, twoIndexes], // return_call_indirect
  [0x14, 0x15, index], // call_ref, return_call_ref
  [0x18, 0x18, index], // delegate
  [0x19, 0x1b, nothing], // catch_all, drop, select
  [0x1c, 0x1c, valueTypes], // select with types
  [0x1f, 0x1f, catches], // try_table
  [0x20, 0x26, index], // local.get … table.set
  [0x28, 0x3e, memoryAccess], // i32.load … i64.store32
  [0x3f, 0x40, index], // memory.size, memory.grow
  [0x41, 0x41, int32],
  [0x42, 0x42, int64],
  [0x43, 0x43, fourBytes],
  [0x44, 0x44, eightBytes],
  [0x45, 0xc4, nothing], // i32.eqz … i64.extend32_s
  [0xd0, 0xd0, heapType], // ref.null
  [0xd1, 0xd1, nothing], // ref.is_null
  [0xd2, 0xd2, index], // ref.func
  [0xd3, 0xd4, nothing], // ref.eq, ref.as_non_null
  [0xd5, 0xd6, index], // br_on_null, br_on_non_null
  [0xe0, 0xe0, index], // cont.new
  [0xe1, 0xe1, twoIndexes], // cont.bind
  [0xe2, 0xe2, index], // suspend
  [0xe3, 0xe3, handlers], // resume
  [0xe4, 0xe4, tagAndHandlers], // resume_throw
  // 0xe5 was switch, and is resume_throw_ref since late 2025: engines differ in where it ends.
  [0xe6, 0xe6, twoIndexes], // switch
];

/** GC. */
const PREFIX_FB: readonly OpcodeRange[] = [
  [0x00, 0x01, index], // struct.new, struct.new_default
  [0x02, 0x05, twoIndexes], // struct.get … struct.set
  [0x06, 0x07, index], // array.new, array.new_default
  [0x08, 0x0a, twoIndexes], // array.new_fixed, array.new_data, array.new_elem
  [0x0b, 0x0e, index], // array.get … array.set
  [0x0f, 0x0f, nothing], // array.len
  [0x10, 0x10, index], // array.fill
  [0x11, 0x13, twoIndexes], // array.copy, array.init_data, array.init_elem
  [0x14, 0x17, heapType], // ref.test, ref.cast
  [0x18, 0x19, castLabel], // br_on_cast, br_on_cast_fail
  [0x1a, 0x1e, nothing], // any.convert_extern … i31.get_u
];

/** Saturating conversion, bulk memory, tables, wide arithmetic. */
const PREFIX_FC: readonly OpcodeRange[] = [
  [0x00, 0x07, nothing], // i32.trunc_sat_f32_s …
  [0x08, 0x08, twoIndexes], // memory.init
  [0x09, 0x09, index], // data.drop
  [0x0a, 0x0a, twoIndexes], // memory.copy
  [0x0b, 0x0b, index], // memory.fill
  [0x0c, 0x0c, twoIndexes], // table.init
  [0x0d, 0x0d, index], // elem.drop
  [0x0e, 0x0e, twoIndexes], // table.copy
  [0x0f, 0x11, index], // table.grow, table.size, table.fill
  [0x13, 0x16, nothing], // i64.add128 … i64.mul_wide_u
];

/** SIMD, relaxed SIMD. */
const PREFIX_FD: readonly OpcodeRange[] = [
  [0x00, 0x0b, memoryAccess], // v128.load … v128.store
  [0x0c, 0x0d, sixteenBytes], // v128.const, i8x16.shuffle
  [0x0e, 0x14, nothing], // i8x16.swizzle, splats
  [0x15, 0x22, oneByte], // lanes
  [0x23, 0x53, nothing],
  [0x54, 0x5b, memoryAccessWithLane],
  [0x5c, 0x5d, memoryAccess], // v128.load32_zero, v128.load64_zero
  [0x5e, 0x113, nothing],
];

/** Atomics. */
const PREFIX_FE: readonly OpcodeRange[] = [
  [0x00, 0x02, memoryAccess], // memory.atomic.notify, wait32, wait64
  [0x03, 0x03, oneByte], // atomic.fence
  [0x10, 0x4e, memoryAccess], // i32.atomic.load …
];

export const IMMEDIATES = toTable(ONE_BYTE);

export const IMMEDIATES_BY_PREFIX: ReadonlyMap<number, readonly (Immediates | undefined)[]> = new Map([
  [0xfb, toTable(PREFIX_FB)],
  [0xfc, toTable(PREFIX_FC)],
  [0xfd, toTable(PREFIX_FD)],
  [0xfe, toTable(PREFIX_FE)],
]);

function toTable(ranges: readonly OpcodeRange[]): readonly (Immediates | undefined)[] {
  const table: (Immediates | undefined)[] = Array.from({ length: 0x114 });
  for (const [first, last, immediates] of ranges) table.fill(immediates, first, last + 1);
  return table;
}
