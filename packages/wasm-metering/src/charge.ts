/** The instructions that charge fuel. They leave the operands that they find, and trap when fuel is below zero. */
import type { BulkOperation } from "./bulk-operations.ts";
import { OPCODE } from "./opcodes.ts";
import { type Sink, writeByte, writeNatural, writeU32 } from "./sink.ts";

const VOID_BLOCK = 0x40;

/**
 * Where the counter lives: the module's last global, and in a function with loops a local. While a loop runs that calls
 * nothing, the local is what counts, and the global is what there was before.
 */
export interface FuelPlace {
  readonly global: number;
  readonly local: number;
}

/** Takes `cost` from the global. */
export function writeCharge(sink: Sink, { global }: FuelPlace, cost: number): void {
  writeIndexed(sink, OPCODE.globalGet, global);
  writeSubtractConstant(sink, cost);
  writeIndexed(sink, OPCODE.globalSet, global);
  writeIndexed(sink, OPCODE.globalGet, global);
  writeTrapIfNegative(sink);
}

/** Takes `cost` from the local alone: a store in each iteration would take longer than the work of a short loop. */
export function writeLoopCharge(sink: Sink, { global, local }: FuelPlace, cost: number): void {
  writeIndexed(sink, OPCODE.localGet, local);
  writeSubtractConstant(sink, cost);
  writeIndexed(sink, OPCODE.localTee, local);
  writeIsNegative(sink);
  writeByte(sink, OPCODE.if);
  writeByte(sink, VOID_BLOCK);
  // A negative global tells the host that fuel ran out, not that the guest trapped.
  writeStore(sink, { global, local });
  writeByte(sink, OPCODE.unreachable);
  writeByte(sink, OPCODE.end);
}

/** Before loops that call nothing: from here on the local counts. */
export function writeLoad(sink: Sink, { global, local }: FuelPlace): void {
  writeIndexed(sink, OPCODE.globalGet, global);
  writeIndexed(sink, OPCODE.localSet, local);
}

/** Where such loops are left: from here on the global counts. */
export function writeStore(sink: Sink, { global, local }: FuelPlace): void {
  writeIndexed(sink, OPCODE.localGet, local);
  writeIndexed(sink, OPCODE.globalSet, global);
}

/** In place of a `br_if` out of a loop to a label that takes no operands. */
export function writeStoreAndBranchIf(sink: Sink, place: FuelPlace, label: number): void {
  writeByte(sink, OPCODE.if);
  writeByte(sink, VOID_BLOCK);
  writeStore(sink, place);
  writeIndexed(sink, OPCODE.br, label + 1);
  writeByte(sink, OPCODE.end);
}

/** Before a `br_if` out of a loop, whose condition is on top of the stack, and stays there. */
export function writeStoreIf(sink: Sink, place: FuelPlace, conditionLocal: number): void {
  writeIndexed(sink, OPCODE.localTee, conditionLocal);
  writeByte(sink, OPCODE.if);
  writeByte(sink, VOID_BLOCK);
  writeStore(sink, place);
  writeByte(sink, OPCODE.end);
  writeIndexed(sink, OPCODE.localGet, conditionLocal);
}

/** Takes the cost of the size on top of the stack, and leaves the size there. */
export function writeBulkCharge(sink: Sink, { global }: FuelPlace, bulk: BulkOperation, sizeLocal: number): void {
  writeIndexed(sink, OPCODE.localTee, sizeLocal);
  writeIndexed(sink, OPCODE.globalGet, global);
  writeIndexed(sink, OPCODE.localGet, sizeLocal);
  if (!bulk.is64) writeByte(sink, OPCODE.i64ExtendI32U);
  // The shift also keeps a size of 2^64 - 1 from being a negative cost.
  writeByte(sink, OPCODE.i64Const);
  writeNatural(sink, bulk.unitLog2);
  writeByte(sink, OPCODE.i64ShrU);
  writeByte(sink, OPCODE.i64Sub);
  writeIndexed(sink, OPCODE.globalSet, global);
  writeIndexed(sink, OPCODE.globalGet, global);
  writeTrapIfNegative(sink);
}

function writeSubtractConstant(sink: Sink, cost: number): void {
  writeByte(sink, OPCODE.i64Const);
  writeNatural(sink, cost);
  writeByte(sink, OPCODE.i64Sub);
}

function writeTrapIfNegative(sink: Sink): void {
  writeIsNegative(sink);
  writeByte(sink, OPCODE.if);
  writeByte(sink, VOID_BLOCK);
  writeByte(sink, OPCODE.unreachable);
  writeByte(sink, OPCODE.end);
}

function writeIsNegative(sink: Sink): void {
  writeByte(sink, OPCODE.i64Const);
  writeByte(sink, 0);
  writeByte(sink, OPCODE.i64LtS);
}

function writeIndexed(sink: Sink, opcode: number, index: number): void {
  writeByte(sink, opcode);
  writeU32(sink, index);
}
