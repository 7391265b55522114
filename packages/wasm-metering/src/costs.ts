/** The unit of fuel: one function entry or loop iteration. These constants say what costs more than one. */

/**
 * Code that one checkpoint pays for, in bytes: a function or loop of more code costs one unit more for each further
 * stretch, so that a unit never stands for more than this much straight-line code.
 */
const CODE_BYTES_PER_UNIT = 1024;

/** A function's locals are cleared when it is entered; each counts as so many bytes of code. */
export const CODE_BYTES_PER_LOCAL = 8;

/**
 * A function of so few bytes, locals included, is not charged where it is entered, unless it loops: engines inline it, and
 * a checkpoint would cost more than its work. Every call that may reach one counts as so much more code, and what it calls
 * itself charges its entry.
 */
export const SMALL_CODE_BYTES = 128;

/** Bytes that memory.fill, memory.copy and memory.init move for one unit, as a power of two: 64, a cache line. */
export const MEMORY_BYTES_PER_UNIT_LOG2 = 6;

/** Elements of a table or array that a bulk instruction moves for one unit, as a power of two. */
export const ELEMENTS_PER_UNIT_LOG2 = 3;

/** memory.grow and table.grow call into the engine. What they add is bounded by the limits, not by fuel. */
export const GROW_COST = 64;

export function costOfCode(bytes: number): number {
  return 1 + Math.floor(bytes / CODE_BYTES_PER_UNIT);
}
