/** Finds where the entry of a small function is charged that only calls others on some of its paths, as recursion does. */
import type { Cursor } from "./cursor.ts";
import { createInstruction, readInstruction } from "./instruction.ts";
import { CALLS, LEAVES_BLOCK, OPCODE } from "./opcodes.ts";

/** What is known at a place of the code: whether the entry has been charged on each way to it. */
type Paid = "no" | "yes" | "maybe" | "unreachable";

interface Block {
  readonly isIf: boolean;
  /** Where it begins. */
  readonly entry: Paid;
  /** On the branches to its end. */
  branches: Paid;
}

const instruction = createInstruction();

/**
 * The offsets of the calls before which the entry must be charged, so that each way through the function which calls
 * anything is charged once. Undefined where no such places exist, and for code with exceptions or with many labels.
 * @param cursor At the first instruction of a body without loops.
 */
export function findDeferredCharges(cursor: Cursor): number[] | undefined {
  const charges: number[] = [];
  const blocks: Block[] = [{ isIf: false, entry: "no", branches: "unreachable" }];
  let paid: Paid = "no";
  const branch = (label: number): void => {
    const target = blocks[blocks.length - 1 - label];
    if (target !== undefined) target.branches = join(target.branches, paid);
  };
  while (cursor.at < cursor.end) {
    const start = cursor.at;
    readInstruction(cursor, instruction);
    const { opcode, first } = instruction;
    if (CALLS.has(opcode)) {
      if (paid === "maybe") return undefined;
      if (paid === "no") {
        charges.push(start);
        paid = "yes";
      }
    }
    switch (opcode) {
      case OPCODE.block:
      case OPCODE.if:
        blocks.push({ isIf: opcode === OPCODE.if, entry: paid, branches: "unreachable" });
        break;
      case OPCODE.else: {
        const { entry } = blocks.at(-1) as Block;
        branch(0);
        blocks[blocks.length - 1] = { isIf: false, entry, branches: (blocks.at(-1) as Block).branches };
        paid = entry;
        break;
      }
      case OPCODE.end: {
        const block = blocks.pop();
        if (block === undefined) return undefined;
        // An "if" without `else` may be passed by.
        paid = join(join(paid, block.branches), block.isIf ? block.entry : "unreachable");
        break;
      }
      case OPCODE.br:
      case OPCODE.brIf:
        branch(first);
        break;
      case OPCODE.brTable:
      case OPCODE.brOnNull:
      case OPCODE.brOnNonNull:
      case OPCODE.brOnCast:
      case OPCODE.brOnCastFail:
      case OPCODE.try:
      case OPCODE.tryTable:
        return undefined;
    }
    if (LEAVES_BLOCK.has(opcode)) paid = "unreachable";
  }
  return charges;
}

function join(one: Paid, other: Paid): Paid {
  if (one === other || other === "unreachable") return one;
  return one === "unreachable" ? other : "maybe";
}
