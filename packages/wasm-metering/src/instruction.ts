/** Moves over one instruction: https://webassembly.github.io/spec/core/binary/instructions.html */
import { type Cursor, readByte, readU32 } from "./cursor.ts";
import type { Instruction } from "./immediates.ts";
import { IMMEDIATES_BY_PREFIX, IMMEDIATES } from "./opcode-table.ts";
import { ModuleRefusal } from "./refusal.ts";

export function createInstruction(): Instruction {
  return { opcode: 0, first: 0, second: 0 };
}

/**
 * Reads the instruction at the cursor into `instruction`.
 * @throws ModuleRefusal `unsupported` for an opcode that is not in the table: where it ends is not known.
 */
export function readInstruction(cursor: Cursor, instruction: Instruction): void {
  const start = cursor.at;
  let opcode = readByte(cursor);
  let skipImmediates = IMMEDIATES[opcode];
  if (skipImmediates === undefined) {
    const family = IMMEDIATES_BY_PREFIX.get(opcode);
    if (family !== undefined) {
      const second = readU32(cursor);
      skipImmediates = family[second];
      opcode = opcode * 0x1000 + second;
    }
  }
  if (skipImmediates === undefined)
    throw new ModuleRefusal("unsupported", `The instruction 0x${opcode.toString(16)} is not known here`, start);
  instruction.opcode = opcode;
  skipImmediates(cursor, instruction);
}
