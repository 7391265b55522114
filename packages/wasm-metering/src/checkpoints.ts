/** Finds the places in a function's body where fuel is charged, and checks what the rewriting relies on. */
import { type BulkOperation, toBulkOperation } from "./bulk-operations.ts";
import { CODE_BYTES_PER_LOCAL, costOfCode, GROW_COST, LEAF_CODE_BYTES } from "./costs.ts";
import type { Cursor } from "./cursor.ts";
import { createInstruction, readInstruction } from "./instruction.ts";
import type { LeafTest } from "./leaf-functions.ts";
import type { ModuleShape } from "./module-shape.ts";
import { OPCODE } from "./opcodes.ts";
import { ModuleRefusal } from "./refusal.ts";

export type Checkpoint = LoopCheckpoint | BulkCheckpoint | GrowCheckpoint;

export interface LoopCheckpoint {
  readonly kind: "loop";
  /** Where the loop's instruction begins. */
  readonly start: number;
  /** Where its first iteration begins: behind the type, at the target of its branches. */
  readonly at: number;
  /** The loop around it in the same function. */
  readonly outer: LoopCheckpoint | undefined;
  cost: number;
  /** Whether fuel can change below it in another place than at loops: by a call, or by a bulk operation. */
  isOpaque: boolean;
}

interface BulkCheckpoint extends BulkOperation {
  readonly kind: "bulk";
  readonly at: number;
}

interface GrowCheckpoint {
  readonly kind: "grow";
  readonly at: number;
  readonly cost: number;
}

export interface FunctionCheckpoints {
  /** In the order of the bytes. */
  readonly checkpoints: readonly Checkpoint[];
  readonly entryCost: number;
}

/** What all functions of a module have in common. */
export interface MeteringContext {
  readonly shape: ModuleShape;
  readonly isLeaf: LeafTest;
}

/** A stretch of code with one checkpoint: a loop, or the function (`loop` is undefined). */
interface Stretch {
  readonly loop: LoopCheckpoint | undefined;
  readonly start: number;
  /** Leaf functions that are called in it, less the loops within, which pay for themselves. */
  otherBytes: number;
}

const instruction = createInstruction();

/**
 * Reads the instructions from the cursor, behind the locals, to the end of the body.
 * @throws ModuleRefusal for a local or global beyond the function's and module's own. Such a module is not valid, but it
 * would become so with the local and the global that metering adds, and could refill its fuel.
 */
export function findCheckpoints(
  cursor: Cursor,
  { shape, isLeaf }: MeteringContext,
  locals: number,
): FunctionCheckpoints {
  const checkpoints: Checkpoint[] = [];
  let stretch: Stretch = { loop: undefined, start: cursor.at, otherBytes: 0 };
  const outerStretches: Stretch[] = [];
  /** For each open block whether it is a loop. */
  const blocks: boolean[] = [];
  // Where exceptions are caught, what "does not come back" may come back by one, and with less fuel.
  let hasTry = false;
  const markOpaque = (): void => {
    if (stretch.loop !== undefined) stretch.loop.isOpaque = true;
  };

  while (cursor.at < cursor.end) {
    const start = cursor.at;
    readInstruction(cursor, instruction);
    switch (instruction.opcode) {
      case OPCODE.localGet:
      case OPCODE.localSet:
      case OPCODE.localTee:
        if (instruction.first >= locals) throw unknownIndex("local", instruction.first, start);
        break;
      case OPCODE.globalGet:
      case OPCODE.globalSet:
        if (instruction.first >= shape.globals) throw unknownIndex("global", instruction.first, start);
        break;
      case OPCODE.loop: {
        const outer = stretch.loop;
        const loop: LoopCheckpoint = { kind: "loop", start, at: cursor.at, outer, cost: 0, isOpaque: false };
        checkpoints.push(loop);
        outerStretches.push(stretch);
        stretch = { loop, start, otherBytes: 0 };
        blocks.push(true);
        break;
      }
      case OPCODE.block:
      case OPCODE.if:
        blocks.push(false);
        break;
      case OPCODE.try:
      case OPCODE.tryTable:
        blocks.push(false);
        hasTry = true;
        break;
      case OPCODE.end:
      case OPCODE.delegate: {
        const isLoop = blocks.pop();
        if (isLoop === undefined) {
          if (cursor.at !== cursor.end) throw new ModuleRefusal("malformed", "Code follows a function's end", start);
          return { checkpoints, entryCost: costOfStretch(stretch, cursor.at) + costOfLocals(locals) };
        }
        if (isLoop) stretch = closeLoop(stretch, outerStretches.pop() as Stretch, cursor.at);
        break;
      }
      case OPCODE.call:
      case OPCODE.returnCall:
        if (isLeaf(instruction.first)) {
          stretch.otherBytes += LEAF_CODE_BYTES;
          if (hasTry) markOpaque();
        } else if (hasTry || cursor.bytes[cursor.at] !== OPCODE.unreachable) markOpaque();
        break;
      case OPCODE.callIndirect:
      case OPCODE.returnCallIndirect:
      case OPCODE.callRef:
      case OPCODE.returnCallRef:
      case OPCODE.suspend:
      case OPCODE.resume:
      case OPCODE.resumeThrow:
      case OPCODE.switch:
        stretch.otherBytes += LEAF_CODE_BYTES;
        markOpaque();
        break;
      case OPCODE.memoryGrow:
      case OPCODE.tableGrow:
        checkpoints.push({ kind: "grow", at: start, cost: GROW_COST });
        markOpaque();
        break;
      default: {
        if (instruction.opcode < 0x1000) break;
        const bulk = toBulkOperation(instruction, shape, start);
        if (bulk === undefined) break;
        checkpoints.push({ kind: "bulk", at: start, ...bulk });
        markOpaque();
      }
    }
  }
  throw new ModuleRefusal("malformed", "A function has no end", cursor.end);
}

/** Gives the loop its cost, now that its end is known, and returns the stretch around it. */
function closeLoop(inner: Stretch, outer: Stretch, end: number): Stretch {
  const loop = inner.loop as LoopCheckpoint;
  loop.cost = costOfStretch(inner, end);
  if (loop.isOpaque && outer.loop !== undefined) outer.loop.isOpaque = true;
  outer.otherBytes -= end - inner.start;
  return outer;
}

function costOfStretch(stretch: Stretch, end: number): number {
  return costOfCode(end - stretch.start + stretch.otherBytes);
}

function costOfLocals(locals: number): number {
  return costOfCode(locals * CODE_BYTES_PER_LOCAL) - 1;
}

function unknownIndex(what: string, index: number, at: number): ModuleRefusal {
  return new ModuleRefusal("malformed", `The ${what} ${index} does not exist`, at);
}
