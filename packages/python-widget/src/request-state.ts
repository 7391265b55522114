/** Asks a URL for the state of a Python tool, and reads the answer, which may be anything. */
import { readState, type ShownState } from "./read-state.ts";

/** A request that takes longer has failed. */
const REQUEST_TIMEOUT_MS = 10_000;
/** A longer answer is refused before it is parsed. */
const MAX_ANSWER_LENGTH = 4_000_000;

/** @throws Error whose message tells a person why there is no state; the signal's reason when it fires */
export async function requestState(url: string, signal: AbortSignal): Promise<ShownState> {
  return parseState(await requestText(url, signal));
}

async function requestText(url: string, signal: AbortSignal): Promise<string> {
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      headers: { Accept: "application/json" },
      cache: "no-store",
      signal: AbortSignal.any([signal, timeout]),
    });
    text = await response.text();
  } catch (error) {
    signal.throwIfAborted();
    // Each browser has words of its own for it.
    const reason = timeout.aborted ? `no answer within ${REQUEST_TIMEOUT_MS / 1_000} seconds` : "no connection";
    throw new Error(reason, { cause: error });
  }
  if (!response.ok) throw new RangeError(`the server answered with ${response.status}`);
  return text;
}

/** @throws TypeError or RangeError for what is no state */
export function parseState(text: string): ShownState {
  if (text.length > MAX_ANSWER_LENGTH) throw new RangeError(`the answer has more than ${MAX_ANSWER_LENGTH} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TypeError("the answer is no JSON", { cause: error });
  }
  return readState(value);
}
