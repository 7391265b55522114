/** Finds the functions that are so small and plain that their callers pay for them. */
import { CODE_BYTES_PER_LOCAL, LEAF_CODE_BYTES } from "./costs.ts";
import { type Cursor, createCursor } from "./cursor.ts";
import { type FunctionBody, readLocals } from "./function-body.ts";
import type { Instruction } from "./immediates.ts";
import { createInstruction, readInstruction } from "./instruction.ts";
import { isCheckpoint } from "./bulk-operations.ts";
import type { ModuleShape } from "./module-shape.ts";
import { CALLS, OPCODE } from "./opcodes.ts";

/** Whether the function of this index, imported ones first, is entered without a charge. */
export type LeafTest = (functionIndex: number) => boolean;

export function findLeafFunctions(bytes: Uint8Array, bodies: readonly FunctionBody[], shape: ModuleShape): LeafTest {
  const isSmall = (functionIndex: number): boolean => {
    const body = bodies[functionIndex - shape.importedFunctions];
    return body !== undefined && body.end - body.start <= LEAF_CODE_BYTES;
  };
  const leaves = new Set<number>();
  for (const [place, { start, end }] of bodies.entries()) {
    const functionIndex = shape.importedFunctions + place;
    if (!isSmall(functionIndex)) continue;
    const cursor = createCursor(bytes, start, end);
    const locals = (shape.functions[functionIndex] as number) + readLocals(cursor);
    const size = end - cursor.at + locals * CODE_BYTES_PER_LOCAL;
    if (size <= LEAF_CODE_BYTES && isPlain(cursor, isSmall)) leaves.add(functionIndex);
  }
  return (functionIndex) => leaves.has(functionIndex);
}

const instruction: Instruction = createInstruction();

function isPlain(cursor: Cursor, isSmall: (functionIndex: number) => boolean): boolean {
  while (cursor.at < cursor.end) {
    readInstruction(cursor, instruction);
    const { opcode, first } = instruction;
    if (opcode === OPCODE.loop || isCheckpoint(opcode)) return false;
    // A panic may be called: it does not come back. One that could be a leaf too may not, since leaves would then recurse.
    const isPanic = opcode === OPCODE.call && cursor.bytes[cursor.at] === OPCODE.unreachable && !isSmall(first);
    if (CALLS.has(opcode) && !isPanic) return false;
  }
  return true;
}
