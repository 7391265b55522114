/** Keeps track of the blocks and loops that are open while a function's code is read: what they cost, what leaves them. */
import { costOfCode, SMALL_CODE_BYTES } from "./costs.ts";

export interface LoopCheckpoint {
  readonly kind: "loop";
  /** Where its instruction begins. */
  readonly start: number;
  /** Where its first iteration begins: behind the type, at the target of its branches. */
  readonly at: number;
  /** The blocks around it, the function's own included. */
  readonly depth: number;
  /** The loop around it in the same function. */
  readonly outer: LoopCheckpoint | undefined;
  /** Of an iteration, less what the loops within it cost; known when the loop has been closed. */
  cost: number;
  /** Whether fuel can change below it in another place than at loops: by a call, or by a bulk operation. */
  isOpaque: boolean;
}

export interface LoopNest {
  /** Blocks that are open now, the function's own included. */
  readonly depth: number;
  /** The innermost open loop. */
  readonly loop: LoopCheckpoint | undefined;
  /** `isPlain`: whether the block has neither parameters nor results. */
  openBlock(isPlain: boolean): void;
  /** `start` and `at`: where the instruction begins, and where it ends. */
  openLoop(start: number, at: number, isPlain: boolean): LoopCheckpoint;
  /** Closes the innermost block, whose code ends at `end`. @returns the cost of its code, where that was no mere block. */
  close(end: number): number | undefined;
  /** The code calls a function that may charge nothing for itself. */
  countSmallCall(): void;
  markOpaque(): void;
  /** Whether a branch to this label takes no operands. */
  isPlain(label: number): boolean;
  /** The outermost loop that a branch to the label leaves; undefined where it stays in all of them. */
  findLeft(label: number): LoopCheckpoint | undefined;
}

/** A stretch of code with one checkpoint: a loop, or the function (`loop` is undefined). */
interface Stretch {
  readonly loop: LoopCheckpoint | undefined;
  readonly start: number;
  /** Small functions that are called in it, less the loops within, which pay for themselves. */
  otherBytes: number;
}

interface Block {
  readonly isPlain: boolean;
  /** What its code is paid with; undefined in a mere block. */
  readonly stretch: Stretch | undefined;
}

/** @param start Where the function's code begins. */
export function createLoopNest(start: number): LoopNest {
  let stretch: Stretch = { loop: undefined, start, otherBytes: 0 };
  const outerStretches: Stretch[] = [];
  /** The open ones, outermost first: by increasing depth. */
  const loops: LoopCheckpoint[] = [];
  // What a branch to the function's own label takes is not looked at.
  const blocks: Block[] = [{ isPlain: false, stretch }];

  function closeLoop(loop: LoopCheckpoint, end: number): void {
    const inner = stretch;
    loop.cost = costOfStretch(inner, end);
    loops.pop();
    stretch = outerStretches.pop() as Stretch;
    if (loop.isOpaque && stretch.loop !== undefined) stretch.loop.isOpaque = true;
    stretch.otherBytes -= end - inner.start;
  }

  return {
    get depth() {
      return blocks.length;
    },
    get loop() {
      return stretch.loop;
    },
    openBlock: (isPlain) => void blocks.push({ isPlain, stretch: undefined }),
    openLoop(loopStart, at, isPlain) {
      const depth = blocks.length;
      const loop: LoopCheckpoint = {
        kind: "loop",
        start: loopStart,
        at,
        depth,
        outer: stretch.loop,
        cost: 0,
        isOpaque: false,
      };
      loops.push(loop);
      outerStretches.push(stretch);
      stretch = { loop, start: loopStart, otherBytes: 0 };
      blocks.push({ isPlain, stretch });
      return loop;
    },
    close(end) {
      const closed = blocks.pop()?.stretch;
      if (closed === undefined) return undefined;
      if (closed.loop === undefined) return costOfStretch(closed, end);
      closeLoop(closed.loop, end);
      return closed.loop.cost;
    },
    countSmallCall: () => void (stretch.otherBytes += SMALL_CODE_BYTES),
    markOpaque: () => void (stretch.loop && (stretch.loop.isOpaque = true)),
    isPlain: (label) => blocks[blocks.length - 1 - label]?.isPlain === true,
    findLeft(label) {
      const target = blocks.length - 1 - label;
      // By halves: a hostile module has a hundred thousand loops in each other, and as many branches.
      let [low, high] = [0, loops.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((loops[middle] as LoopCheckpoint).depth > target) high = middle;
        else low = middle + 1;
      }
      return loops[low];
    },
  };
}

function costOfStretch(stretch: Stretch, end: number): number {
  return costOfCode(end - stretch.start + stretch.otherBytes);
}
