/** Rewrites one function's body: adds locals for the counter, and charges fuel at its checkpoints. */
import { type FuelPlace, writeBulkCharge, writeCachedCharge, writeCharge, writeReload } from "./charge.ts";
import { findCheckpoints, type LoopCheckpoint, type MeteringContext } from "./checkpoints.ts";
import { type Cursor, readU32 } from "./cursor.ts";
import { readLocals } from "./function-body.ts";
import { copyRange, type Sink, writeByte, writeU32 } from "./sink.ts";

const I32 = 0x7f;
const I64 = 0x7e;

/** Writes the body that fills `cursor`, metered. A leaf function is checked, and written as it is. */
export function meterBody(cursor: Cursor, sink: Sink, functionIndex: number, context: MeteringContext): void {
  const { bytes, at: start } = cursor;
  const { shape, isLeaf } = context;
  const groups = readU32(cursor);
  const groupsStart = cursor.at;
  cursor.at = start;
  const locals = (shape.functions[functionIndex] as number) + readLocals(cursor);
  const codeStart = cursor.at;
  const { checkpoints, entryCost } = findCheckpoints(cursor, context, locals);
  if (isLeaf(functionIndex)) return copyRange(sink, bytes, start, cursor.end);

  const hasBulk = checkpoints.some(({ kind }) => kind === "bulk");
  writeU32(sink, groups + (hasBulk ? 2 : 1));
  copyRange(sink, bytes, groupsStart, codeStart);
  // The copy of the counter; behind it, where sizes must be held, one local for each width.
  writeU32(sink, hasBulk ? 2 : 1);
  writeByte(sink, I64);
  if (hasBulk) {
    writeU32(sink, 1);
    writeByte(sink, I32);
  }

  const place: FuelPlace = { global: shape.globals, local: locals };
  writeCharge(sink, place, entryCost);
  let copied = codeStart;
  const copyTo = (offset: number): void => {
    copyRange(sink, bytes, copied, offset);
    copied = offset;
  };
  for (const checkpoint of checkpoints) {
    if (checkpoint.kind === "bulk") {
      copyTo(checkpoint.at);
      writeBulkCharge(sink, place, checkpoint, checkpoint.is64 ? locals + 1 : locals + 2);
    } else if (checkpoint.kind === "grow" || checkpoint.isOpaque) {
      copyTo(checkpoint.at);
      writeCharge(sink, place, checkpoint.cost);
    } else {
      if (isOutermostTransparent(checkpoint)) {
        copyTo(checkpoint.start);
        writeReload(sink, place);
      }
      copyTo(checkpoint.at);
      writeCachedCharge(sink, place, checkpoint.cost);
    }
  }
  copyTo(cursor.end);
}

/** The loop before which the copy is brought up to date, for itself and for the loops within. */
function isOutermostTransparent({ outer }: LoopCheckpoint): boolean {
  return outer === undefined || outer.isOpaque;
}
