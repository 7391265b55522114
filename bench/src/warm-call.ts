/** One call whose sandbox and instance were ready before it: what a user waits for who calls a tool now and then. */
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject, OkOutcome, Pocket } from "toolpocket";
import { time } from "./samples.ts";

/** In which the next instance is made on an idle machine; who calls more often than that reads the throughput rows. */
const PAUSE_MS = 400;
/** A busy machine takes longer: then the call does not count, and comes again. */
const TRIES = 5;

/** Milliseconds of a warm call. */
export async function timeWarmCall(
  pocket: Pocket,
  tool: string,
  input: JsonObject = { city: "Seoul" },
): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    await sleep(PAUSE_MS * tries);
    let outcome: OkOutcome | undefined;
    const taken = await time(async () => (outcome = await call(pocket, tool, input)));
    if (outcome?.usage.coldStart === false || tries === TRIES) return taken;
  }
}

/** A call that has to end well: a failure would be a figure of something else. */
export async function call(pocket: Pocket, tool: string, input: JsonObject = { city: "Seoul" }): Promise<OkOutcome> {
  const outcome = await pocket.invoke(tool, input);
  if (outcome.status !== "ok") throw new Error(`${tool} failed: ${outcome.error.message}\n${outcome.stderr}`);
  return outcome;
}
