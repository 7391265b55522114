/** One piece of work for everyone in this process who asks for the same while it is going on. */
import { raceAbort } from "../pocket/race-abort.ts";

interface SharedWork {
  readonly result: Promise<unknown>;
  readonly stop: AbortController;
  waiting: number;
}

const works = new Map<string, SharedWork>();

/**
 * What `work` gives; it is not begun again while one of the same `key` is going on. A caller who gives up rejects with
 * his signal's reason, and the work ends when nobody is left who waits for it.
 */
export async function shareWork<Result>(
  key: string,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const shared = works.get(key) ?? begin(key, work);
  shared.waiting += 1;
  try {
    // What is found under a key was made by work of that key, and has its type.
    return (await raceAbort(shared.result, signal)) as Result;
  } finally {
    shared.waiting -= 1;
    if (shared.waiting === 0) shared.stop.abort();
  }
}

function begin(key: string, work: (signal: AbortSignal) => Promise<unknown>): SharedWork {
  const stop = new AbortController();
  const shared: SharedWork = { result: work(stop.signal), stop, waiting: 0 };
  works.set(key, shared);
  const end = (): void => void (works.get(key) === shared && works.delete(key));
  stop.signal.addEventListener("abort", end, { once: true });
  shared.result.then(end, end);
  return shared;
}
