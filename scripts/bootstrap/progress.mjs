/** The lines on stderr that show what is being set up. */
import process from "node:process";

const { stderr } = process;
const colored = process.env.NO_COLOR === undefined && (stderr.isTTY === true || process.env.FORCE_COLOR !== undefined);
const paint = (/** @type {number} */ code, /** @type {string} */ text) =>
  colored ? `\u001b[${code}m${text}\u001b[0m` : text;

/**
 * Does a piece of work behind one line: `● name  what came of it   2.1 s`.
 * @template T
 * @param {string} name
 * @param {string} doing shown on a terminal until the work is done
 * @param {() => Promise<{ detail: string, value: T }>} work
 * @returns {Promise<T>}
 */
export async function showStage(name, doing, work) {
  const start = performance.now();
  const label = name.padEnd(12);
  if (stderr.isTTY) stderr.write(`${paint(36, "◌")} ${label} ${paint(2, doing)}`);
  try {
    const { detail, value } = await work();
    const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`;
    replaceLine(`${paint(32, "●")} ${label} ${detail}   ${paint(2, seconds)}`);
    return value;
  } catch (error) {
    replaceLine(`${paint(31, "●")} ${label} failed`);
    throw error;
  }
}

/**
 * A line of its own, for what takes no work.
 * @param {string} name
 * @param {string} detail
 */
export function showNote(name, detail) {
  stderr.write(`${paint(33, "●")} ${name.padEnd(12)} ${detail}\n`);
}

/**
 * What the failed step printed, what failed, and what to do.
 * @param {import("./stage-error.mjs").StageError} error
 */
export function reportFailure(error) {
  const output = error.output.trimEnd();
  if (output !== "") stderr.write(`\n${output}\n`);
  stderr.write(`\n${paint(31, "✖")} ${error.message}\n${paint(36, "→")} ${error.advice}\n`);
}

/** @param {string} text */
function replaceLine(text) {
  stderr.write(stderr.isTTY ? `\r\u001b[K${text}\n` : `${text}\n`);
}
