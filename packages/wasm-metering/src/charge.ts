/** The instructions that charge fuel. They leave the operands that they find, and trap when fuel is below zero. */
import type { BulkOperation } from "./bulk-operations.ts";
import { OPCODE } from "./opcodes.ts";
import { type Sink, writeByte, writeNatural, writeU32 } from "./sink.ts";

const VOID_BLOCK = 0x40;

/** Where the counter lives: the module's last global, and in each function a local that holds a copy of it. */
export interface FuelPlace {
  readonly global: number;
  readonly local: number;
}

/** Takes `cost` from the global. */
export function writeCharge(sink: Sink, place: FuelPlace, cost: number): void {
  writeIndexed(sink, OPCODE.globalGet, place.global);
  writeSubtractConstant(sink, cost);
  writeStoreAndCheck(sink, place);
}

/**
 * Takes `cost` from the copy, which must be up to date, and writes it through to the global. In a loop the engine keeps
 * the copy in a register, so that an iteration does not wait for the store of the one before.
 */
export function writeCachedCharge(sink: Sink, place: FuelPlace, cost: number): void {
  writeIndexed(sink, OPCODE.localGet, place.local);
  writeSubtractConstant(sink, cost);
  writeStoreAndCheck(sink, place);
}

/** Brings the copy up to date. */
export function writeReload(sink: Sink, place: FuelPlace): void {
  writeIndexed(sink, OPCODE.globalGet, place.global);
  writeIndexed(sink, OPCODE.localSet, place.local);
}

/** Takes the cost of the size on top of the stack, and leaves the size there. */
export function writeBulkCharge(sink: Sink, place: FuelPlace, bulk: BulkOperation, sizeLocal: number): void {
  writeIndexed(sink, OPCODE.localTee, sizeLocal);
  writeIndexed(sink, OPCODE.globalGet, place.global);
  writeIndexed(sink, OPCODE.localGet, sizeLocal);
  if (!bulk.is64) writeByte(sink, OPCODE.i64ExtendI32U);
  // The shift also keeps a size of 2^64 - 1 from being a negative cost.
  writeByte(sink, OPCODE.i64Const);
  writeNatural(sink, bulk.unitLog2);
  writeByte(sink, OPCODE.i64ShrU);
  writeByte(sink, OPCODE.i64Sub);
  writeStoreAndCheck(sink, place);
}

function writeSubtractConstant(sink: Sink, cost: number): void {
  writeByte(sink, OPCODE.i64Const);
  writeNatural(sink, cost);
  writeByte(sink, OPCODE.i64Sub);
}

/** The store comes first: a negative global tells the host that fuel ran out, not that the guest trapped. */
function writeStoreAndCheck(sink: Sink, place: FuelPlace): void {
  writeIndexed(sink, OPCODE.localTee, place.local);
  writeIndexed(sink, OPCODE.globalSet, place.global);
  writeIndexed(sink, OPCODE.localGet, place.local);
  writeByte(sink, OPCODE.i64Const);
  writeByte(sink, 0);
  writeByte(sink, OPCODE.i64LtS);
  writeByte(sink, OPCODE.if);
  writeByte(sink, VOID_BLOCK);
  writeByte(sink, OPCODE.unreachable);
  writeByte(sink, OPCODE.end);
}

function writeIndexed(sink: Sink, opcode: number, index: number): void {
  writeByte(sink, opcode);
  writeU32(sink, index);
}
