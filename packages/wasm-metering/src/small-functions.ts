/** Finds the functions so small that they are not charged where they are entered: their callers count them as code. */
import { isCheckpoint } from "./bulk-operations.ts";
import { CODE_BYTES_PER_LOCAL, SMALL_CODE_BYTES } from "./costs.ts";
import { createCursor, type Cursor } from "./cursor.ts";
import { findDeferredCharges } from "./deferred-charges.ts";
import { type FunctionBody, readLocals } from "./function-body.ts";
import { createInstruction, readInstruction } from "./instruction.ts";
import type { ModuleShape } from "./module-shape.ts";
import { CALLS, OPCODE, THROWS } from "./opcodes.ts";
import type { FunctionType } from "./type-section.ts";

/**
 * For the function of an index, imported ones first, the offsets of the calls where its entry is charged; none in a leaf,
 * which calls nothing that comes back. Undefined where a function is charged at its entry.
 */
export type SmallFunctions = (functionIndex: number) => readonly number[] | undefined;

export function findSmallFunctions(
  bytes: Uint8Array,
  bodies: readonly FunctionBody[],
  shape: ModuleShape,
): SmallFunctions {
  const isShort = (functionIndex: number): boolean => {
    const body = bodies[functionIndex - shape.importedFunctions];
    return body !== undefined && body.end - body.start <= SMALL_CODE_BYTES;
  };
  const charges = new Map<number, readonly number[]>();
  for (const [place, { start, end }] of bodies.entries()) {
    const functionIndex = shape.importedFunctions + place;
    if (!isShort(functionIndex)) continue;
    const cursor = createCursor(bytes, start, end);
    const locals = (shape.functions[functionIndex] as FunctionType).parameters + readLocals(cursor);
    if (end - cursor.at + locals * CODE_BYTES_PER_LOCAL > SMALL_CODE_BYTES) continue;
    const found = findCharges(cursor, shape, isShort);
    if (found !== undefined) charges.set(functionIndex, found);
  }
  return (functionIndex) => charges.get(functionIndex);
}

const instruction = createInstruction();

function findCharges(
  cursor: Cursor,
  { hasTags }: ModuleShape,
  isShort: (functionIndex: number) => boolean,
): readonly number[] | undefined {
  const { at } = cursor;
  let isLeaf = true;
  while (cursor.at < cursor.end) {
    readInstruction(cursor, instruction);
    const { opcode, first } = instruction;
    if (opcode === OPCODE.loop || isCheckpoint(opcode) || THROWS.has(opcode)) return undefined;
    // A panic may be called: it does not come back. One that could be a leaf too may not, since leaves would then recurse;
    // nor where it may throw, since a loop that calls the leaf could be left unseen.
    const isPanic =
      opcode === OPCODE.call && cursor.bytes[cursor.at] === OPCODE.unreachable && !hasTags && !isShort(first);
    if (CALLS.has(opcode) && !isPanic) isLeaf = false;
  }
  if (isLeaf) return [];
  cursor.at = at;
  return findDeferredCharges(cursor);
}
