/** The session behind a conversation: opened at its first run, opened again when it has expired. */
import { isPocketError, type Session, type SessionOptions, type SessionOutcome } from "@toolpocket/core";
import { cutMiddle, renderOutcome } from "./render-outcome.ts";

/** What code mode needs of a Pocket. */
export interface SessionHost {
  session(options?: SessionOptions): Promise<Session>;
}

export interface CodeRun {
  readonly outcome: SessionOutcome;
  /** What the model reads. */
  readonly text: string;
}

export interface CodeSession {
  run(code: string, options?: { signal?: AbortSignal }): Promise<CodeRun>;
  /** The session, where one is open. */
  readonly current: Session | undefined;
  close(): Promise<void>;
}

export interface CodeSessionOptions {
  readonly session: SessionOptions;
  readonly maxOutputCharacters: number;
}

export function createCodeSession(
  host: SessionHost,
  { session: options, maxOutputCharacters }: CodeSessionOptions,
): CodeSession {
  let opening: Promise<Session> | undefined;
  let current: Session | undefined;
  let results = 0;
  let isLost = false;
  let isClosed = false;

  async function open(): Promise<Session> {
    if (current?.closed) {
      opening = current = undefined;
      isLost = true;
    }
    opening ??= host.session(options).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    current = await opening;
    if (isClosed) await current.close();
    return current;
  }

  async function runOnce(code: string, signal: AbortSignal | undefined): Promise<SessionOutcome> {
    const session = await open();
    const outcome = await session.run(code, { ...(signal && { signal }) });
    const restored = outcome.restored || isLost;
    isLost = false;
    return { ...outcome, restored };
  }

  /** The text, cut where it is too long, with the whole of it kept where the code can read it. */
  async function shorten(text: string): Promise<string> {
    if (text.length <= maxOutputCharacters) return text;
    results += 1;
    const handle = `r${results}`;
    await current?.writeFile(`/tmp/results/${handle}.txt`, text).catch(() => undefined);
    return cutMiddle(text, maxOutputCharacters, handle);
  }

  return {
    get current() {
      return current;
    },
    async run(code, { signal } = {}) {
      let outcome;
      try {
        outcome = await runOnce(code, signal);
      } catch (error) {
        // It may have expired between the look and the run.
        if (isClosed || !current?.closed || !isPocketError(error) || error.code !== "ERR_POCKET_CLOSED") throw error;
        outcome = await runOnce(code, signal);
      }
      return { outcome, text: await shorten(renderOutcome(outcome)) };
    },
    async close() {
      isClosed = true;
      await (await opening?.catch(() => undefined))?.close();
    },
  };
}
