/** Moves over the expressions that give globals and tables their first values. */
import type { Cursor } from "./cursor.ts";
import { createInstruction, readInstruction } from "./instruction.ts";
import { OPCODE } from "./opcodes.ts";
import { ModuleRefusal } from "./refusal.ts";

const NESTING = new Set<number>([OPCODE.block, OPCODE.loop, OPCODE.if, OPCODE.try, OPCODE.tryTable]);

export function skipConstantExpression(cursor: Cursor): void {
  const instruction = createInstruction();
  for (;;) {
    const { at } = cursor;
    readInstruction(cursor, instruction);
    if (instruction.opcode === OPCODE.end) return;
    if (NESTING.has(instruction.opcode)) throw new ModuleRefusal("malformed", "A constant expression has a block", at);
  }
}
