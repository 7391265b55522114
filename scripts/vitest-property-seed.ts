/** Property tests draw the same cases in each run, so that what was green stays green; `PROPERTY_SEED` draws others. */
import process from "node:process";
import fc from "fast-check";

const DEFAULT_SEED = 20_261_122;

const { PROPERTY_SEED: wanted } = process.env;
fc.configureGlobal({ seed: wanted === undefined ? DEFAULT_SEED : readSeed(wanted) });

function readSeed(text: string): number {
  if (text === "random") return Math.floor(Math.random() * 2 ** 31);
  const seed = Number(text);
  if (!Number.isInteger(seed)) throw new Error(`PROPERTY_SEED is "${text}": give an integer, or "random"`);
  return seed;
}
