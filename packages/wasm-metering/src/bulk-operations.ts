/** The instructions whose work grows with an operand, and what they cost. All of them take the size as last operand. */
import { ELEMENTS_PER_UNIT_LOG2, MEMORY_BYTES_PER_UNIT_LOG2 } from "./costs.ts";
import type { Instruction } from "./immediates.ts";
import { is64Bit } from "./limits.ts";
import type { ModuleShape } from "./module-shape.ts";
import { OPCODE } from "./opcodes.ts";
import { ModuleRefusal } from "./refusal.ts";

export interface BulkOperation {
  /** The power of two of what one unit pays for. */
  readonly unitLog2: number;
  /** Whether the size is an i64. */
  readonly is64: boolean;
}

type Space = "memories" | "tables";

/** For each opcode what one unit pays for, and how the width of the size follows from the instruction's indexes. */
const BULK_OPERATIONS = new Map<number, { unitLog2: number; space?: Space; indexes?: 1 | 2 }>([
  // The sizes of init, and of arrays, always have 32 bits: segments and arrays are no larger.
  [OPCODE.memoryInit, { unitLog2: MEMORY_BYTES_PER_UNIT_LOG2 }],
  [OPCODE.memoryCopy, { unitLog2: MEMORY_BYTES_PER_UNIT_LOG2, space: "memories", indexes: 2 }],
  [OPCODE.memoryFill, { unitLog2: MEMORY_BYTES_PER_UNIT_LOG2, space: "memories", indexes: 1 }],
  [OPCODE.tableInit, { unitLog2: ELEMENTS_PER_UNIT_LOG2 }],
  [OPCODE.tableCopy, { unitLog2: ELEMENTS_PER_UNIT_LOG2, space: "tables", indexes: 2 }],
  [OPCODE.tableFill, { unitLog2: ELEMENTS_PER_UNIT_LOG2, space: "tables", indexes: 1 }],
  [OPCODE.arrayNew, { unitLog2: ELEMENTS_PER_UNIT_LOG2 }],
  [OPCODE.arrayNewDefault, { unitLog2: ELEMENTS_PER_UNIT_LOG2 }],
  [OPCODE.arrayNewData, { unitLog2: ELEMENTS_PER_UNIT_LOG2 }],
  [OPCODE.arrayNewElem, { unitLog2: ELEMENTS_PER_UNIT_LOG2 }],
  [OPCODE.arrayFill, { unitLog2: ELEMENTS_PER_UNIT_LOG2 }],
  [OPCODE.arrayCopy, { unitLog2: ELEMENTS_PER_UNIT_LOG2 }],
  [OPCODE.arrayInitData, { unitLog2: ELEMENTS_PER_UNIT_LOG2 }],
  [OPCODE.arrayInitElem, { unitLog2: ELEMENTS_PER_UNIT_LOG2 }],
]);

/** Whether the instruction is charged where it stands. */
export function isCheckpoint(opcode: number): boolean {
  return BULK_OPERATIONS.has(opcode) || opcode === OPCODE.memoryGrow || opcode === OPCODE.tableGrow;
}

/** How to charge `instruction` by its size, or `undefined` when its work is bounded. */
export function toBulkOperation(instruction: Instruction, shape: ModuleShape, at: number): BulkOperation | undefined {
  const bulk = BULK_OPERATIONS.get(instruction.opcode);
  if (bulk === undefined) return undefined;
  const { unitLog2, space, indexes } = bulk;
  if (space === undefined) return { unitLog2, is64: false };
  const isWide = (index: number): boolean => {
    const limits = shape[space][index];
    if (limits === undefined) throw new ModuleRefusal("malformed", "An instruction names what does not exist", at);
    return is64Bit(limits);
  };
  // Between two of different width the size has the smaller one.
  return { unitLog2, is64: isWide(instruction.first) && (indexes === 1 || isWide(instruction.second)) };
}
