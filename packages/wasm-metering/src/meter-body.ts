/** Rewrites one function's body: adds locals for the counter, and charges fuel at its checkpoints. */
import {
  type FuelPlace,
  writeBulkCharge,
  writeCharge,
  writeLoad,
  writeLoopCharge,
  writeStore,
  writeStoreAndBranchIf,
  writeStoreIf,
} from "./charge.ts";
import { type Checkpoint, findCheckpoints, type MeteringContext } from "./checkpoints.ts";
import { type Cursor, readU32 } from "./cursor.ts";
import { readLocals } from "./function-body.ts";
import type { LoopCheckpoint } from "./loop-nest.ts";
import { copyRange, type Sink, writeByte, writeU32 } from "./sink.ts";
import type { FunctionType } from "./type-section.ts";

const I32 = 0x7f;
const I64 = 0x7e;

/** Writes the body that fills `cursor`, metered. A leaf function is checked, and written as it is. */
export function meterBody(cursor: Cursor, sink: Sink, functionIndex: number, context: MeteringContext): void {
  const { bytes, at: start } = cursor;
  const { shape } = context;
  const groups = readU32(cursor);
  const groupsStart = cursor.at;
  cursor.at = start;
  const locals = (shape.functions[functionIndex] as FunctionType).parameters + readLocals(cursor);
  const codeStart = cursor.at;
  const { checkpoints, entryCost } = findCheckpoints(cursor, context, { functionIndex, locals });
  const counting = findCounting(checkpoints);
  const held = checkpoints.filter((checkpoint) => isHeld(checkpoint, counting));
  if (entryCost === undefined && held.length === 0) return copyRange(sink, bytes, start, cursor.end);

  // The first i64 is the counter of loops; behind it, where they must be held, sizes and conditions.
  const isBulk = held.some(({ kind }) => kind === "bulk");
  const hasCondition = held.some((one) => one.kind === "leave" && one.branchIf !== undefined);
  const wide = isBulk ? 2 : 1;
  writeU32(sink, groups + (isBulk || hasCondition ? 2 : 1));
  copyRange(sink, bytes, groupsStart, codeStart);
  writeU32(sink, wide);
  writeByte(sink, I64);
  if (isBulk || hasCondition) {
    writeU32(sink, 1);
    writeByte(sink, I32);
  }
  const place: FuelPlace = { global: shape.globals, local: locals };
  const wideLocal = locals + 1;
  const narrowLocal = locals + wide;

  if (entryCost !== undefined) writeCharge(sink, place, entryCost);
  let copied = codeStart;
  const copyTo = (offset: number): void => {
    copyRange(sink, bytes, copied, offset);
    copied = offset;
  };
  for (const checkpoint of held) {
    if (checkpoint.kind === "loop" && counting.get(checkpoint) === checkpoint) {
      copyTo(checkpoint.start);
      writeLoad(sink, place);
    }
    copyTo(checkpoint.at);
    if (checkpoint.kind === "bulk") writeBulkCharge(sink, place, checkpoint, checkpoint.is64 ? wideLocal : narrowLocal);
    else if (checkpoint.kind === "charge" || (checkpoint.kind === "loop" && checkpoint.isOpaque))
      writeCharge(sink, place, checkpoint.cost);
    else if (checkpoint.kind === "loop") writeLoopCharge(sink, place, checkpoint.cost);
    else if (checkpoint.branchIf === undefined) writeStore(sink, place);
    else if (checkpoint.branchIf.plainLabel === undefined) writeStoreIf(sink, place, narrowLocal);
    else {
      writeStoreAndBranchIf(sink, place, checkpoint.branchIf.plainLabel);
      copied = checkpoint.branchIf.end;
    }
  }
  copyTo(cursor.end);
}

/**
 * For each loop in which the local counts, the outermost of those around it, itself included, in which it does too.
 * @param checkpoints outer loops before those within
 */
function findCounting(checkpoints: readonly Checkpoint[]): ReadonlyMap<LoopCheckpoint, LoopCheckpoint> {
  const outermost = new Map<LoopCheckpoint, LoopCheckpoint>();
  for (const loop of checkpoints) {
    if (loop.kind !== "loop" || loop.isOpaque) continue;
    outermost.set(loop, (loop.outer && outermost.get(loop.outer)) ?? loop);
  }
  return outermost;
}

/** Whether something stands there: what leaves loops matters only where the local counts. */
function isHeld(checkpoint: Checkpoint, counting: ReadonlyMap<LoopCheckpoint, LoopCheckpoint>): boolean {
  if (checkpoint.kind !== "leave") return true;
  const outermost = counting.get(checkpoint.inner);
  return outermost !== undefined && checkpoint.outermost.depth <= outermost.depth;
}
