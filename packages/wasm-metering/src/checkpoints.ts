/** Finds the places in a function's body where fuel is charged, and checks what the rewriting relies on. */
import { type BulkOperation, toBulkOperation } from "./bulk-operations.ts";
import { CODE_BYTES_PER_LOCAL, costOfCode, GROW_COST } from "./costs.ts";
import type { Cursor } from "./cursor.ts";
import type { Instruction } from "./immediates.ts";
import { createInstruction, readInstruction } from "./instruction.ts";
import { createLoopNest, type LoopCheckpoint } from "./loop-nest.ts";
import type { ModuleShape } from "./module-shape.ts";
import { BRANCHES, CALLS, LEAVES_BLOCK, OPCODE, THROWS } from "./opcodes.ts";
import { ModuleRefusal } from "./refusal.ts";
import type { SmallFunctions } from "./small-functions.ts";

export type Checkpoint = LoopCheckpoint | LeaveCheckpoint | ChargeCheckpoint | BulkCheckpoint;

/** Where code leaves loops. */
export interface LeaveCheckpoint {
  readonly kind: "leave";
  /** Where the instruction begins that leaves; behind the loop, where its end is reached. */
  readonly at: number;
  /** The innermost and the outermost loop that are left. */
  readonly inner: LoopCheckpoint;
  readonly outermost: LoopCheckpoint;
  /** Of a `br_if`: where it ends, and its label if a branch to that takes no operands. */
  readonly branchIf: { readonly end: number; readonly plainLabel: number | undefined } | undefined;
}

interface BulkCheckpoint extends BulkOperation {
  readonly kind: "bulk";
  readonly at: number;
}

interface ChargeCheckpoint {
  readonly kind: "charge";
  readonly at: number;
  cost: number;
}

export interface FunctionCheckpoints {
  /** In the order of the bytes. */
  readonly checkpoints: readonly Checkpoint[];
  /** Undefined in a small function, which is charged where it calls others. */
  readonly entryCost: number | undefined;
}

/** What all functions of a module have in common. */
export interface MeteringContext {
  readonly shape: ModuleShape;
  readonly findDeferredCharges: SmallFunctions;
}

const instruction = createInstruction();

/**
 * Reads the instructions from the cursor, behind the locals, to the end of the body.
 * @throws ModuleRefusal for a local or global beyond the function's and module's own. Such a module is not valid, but it
 * would become so with the locals and the global that metering adds, and could refill its fuel.
 */
export function findCheckpoints(
  cursor: Cursor,
  { shape, findDeferredCharges }: MeteringContext,
  { functionIndex, locals }: { functionIndex: number; locals: number },
): FunctionCheckpoints {
  const checkpoints: Checkpoint[] = [];
  const deferredCharges = findDeferredCharges(functionIndex);
  const deferred: ChargeCheckpoint[] = [];
  const nest = createLoopNest(cursor.at);
  // Where exceptions are caught, what "does not come back" may come back by one, and with less fuel.
  let hasTry = false;
  let isEndReached = true;
  let isStored = false;

  const leave = (at: number, label: number, branchIf?: LeaveCheckpoint["branchIf"]): void => {
    const { loop: inner } = nest;
    const outermost = nest.findLeft(label);
    if (inner && outermost) checkpoints.push({ kind: "leave", at, inner, outermost, branchIf });
  };
  const leaveFunction = (at: number): void => leave(at, nest.depth - 1);
  const addCall = ({ opcode, first }: Instruction, start: number): void => {
    const isDirect = opcode === OPCODE.call || opcode === OPCODE.returnCall;
    const callee = isDirect ? findDeferredCharges(first) : [];
    if (callee !== undefined) nest.countSmallCall();
    if (deferredCharges?.includes(start) === true) {
      const charge: ChargeCheckpoint = { kind: "charge", at: start, cost: 0 };
      deferred.push(charge);
      checkpoints.push(charge);
    }
    if (isDirect && callee?.length === 0) {
      if (hasTry) nest.markOpaque();
    } else if (hasTry || !isDirect || cursor.bytes[cursor.at] !== OPCODE.unreachable) nest.markOpaque();
    else {
      leaveFunction(start);
      isStored = true;
    }
  };

  while (cursor.at < cursor.end) {
    const start = cursor.at;
    readInstruction(cursor, instruction);
    const { opcode, first } = instruction;
    const wasStored = isStored;
    isStored = false;
    if (CALLS.has(opcode)) addCall(instruction, start);
    else if (BRANCHES.has(opcode)) {
      const plainLabel = nest.isPlain(first) ? first : undefined;
      leave(start, first, opcode === OPCODE.brIf ? { end: cursor.at, plainLabel } : undefined);
    } else if (THROWS.has(opcode) || opcode === OPCODE.return) leaveFunction(start);
    else {
      switch (opcode) {
        case OPCODE.localGet:
        case OPCODE.localSet:
        case OPCODE.localTee:
          if (first >= locals) throw unknownIndex("local", first, start);
          break;
        case OPCODE.globalGet:
        case OPCODE.globalSet:
          if (first >= shape.globals) throw unknownIndex("global", first, start);
          break;
        case OPCODE.loop:
          checkpoints.push(nest.openLoop(start, cursor.at, first === 0));
          break;
        case OPCODE.try:
        case OPCODE.tryTable:
          hasTry = true;
          nest.openBlock(first === 0);
          break;
        case OPCODE.block:
        case OPCODE.if:
          nest.openBlock(first === 0);
          break;
        case OPCODE.end:
        case OPCODE.delegate: {
          // As a branch to the block around the loop.
          if (isEndReached && nest.loop?.depth === nest.depth - 1) leave(cursor.at, 1);
          if (nest.depth === 0) throw codeFollows(start);
          const cost = nest.close(cursor.at);
          if (nest.depth > 0) break;
          if (cursor.at !== cursor.end) throw codeFollows(cursor.at);
          const entryCost = (cost as number) + costOfLocals(locals);
          for (const charge of deferred) charge.cost = entryCost;
          return { checkpoints, entryCost: deferredCharges === undefined ? entryCost : undefined };
        }
        case OPCODE.unreachable:
          if (!wasStored) leaveFunction(start);
          break;
        case OPCODE.memoryGrow:
        case OPCODE.tableGrow:
          checkpoints.push({ kind: "charge", at: start, cost: GROW_COST });
          nest.markOpaque();
          break;
        default: {
          const bulk = opcode < 0x1000 ? undefined : toBulkOperation(instruction, shape, start);
          if (bulk === undefined) break;
          checkpoints.push({ kind: "bulk", at: start, ...bulk });
          nest.markOpaque();
        }
      }
    }
    isEndReached = !LEAVES_BLOCK.has(opcode);
  }
  throw new ModuleRefusal("malformed", "A function has no end", cursor.end);
}

function costOfLocals(locals: number): number {
  return costOfCode(locals * CODE_BYTES_PER_LOCAL) - 1;
}

function codeFollows(at: number): ModuleRefusal {
  return new ModuleRefusal("malformed", "Code follows a function's end", at);
}

function unknownIndex(what: string, index: number, at: number): ModuleRefusal {
  return new ModuleRefusal("malformed", `The ${what} ${index} does not exist`, at);
}
