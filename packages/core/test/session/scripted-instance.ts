/** An invoker's session that answers as a test tells it. */
import type { InvokerSession, RunRequest, SessionRunResult } from "../../src/invoker.ts";

export interface ScriptedInstance extends InvokerSession {
  readonly requests: readonly RunRequest[];
  readonly resets: number;
  readonly closed: boolean;
}

type Reply = Partial<Extract<SessionRunResult, { kind: "exited" }>> | Extract<SessionRunResult, { kind: "failed" }>;

const EXITED = {
  kind: "exited",
  exitCode: 0,
  stdout: new Uint8Array(0),
  stderr: new Uint8Array(0),
  coldStart: false,
} as const;

/** The first run is fresh, and each after one that failed or a reset. */
export function createScriptedInstance(
  answer: (request: RunRequest) => Reply | Promise<Reply> = () => ({ value: '{"files":[]}' }),
): ScriptedInstance {
  const requests: RunRequest[] = [];
  let isFresh = true;
  let resets = 0;
  let closed = false;
  return {
    requests,
    get resets() {
      return resets;
    },
    get closed() {
      return closed;
    },
    async run(request) {
      requests.push(request);
      const fresh = isFresh;
      const result = { ...EXITED, ...(await answer(request)) } as SessionRunResult;
      isFresh = result.kind === "failed";
      return { ...result, isFresh: fresh };
    },
    reset() {
      resets += 1;
      isFresh = true;
    },
    async close() {
      closed = true;
    },
  };
}
