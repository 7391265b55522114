/** A session on the host: a sandbox of its own, taken at its first run and again where that was lost. */
import { type InvokerSession, PocketError, type RunnableTool, type SessionRunResult } from "@toolpocket/core";
import type { Sandbox } from "./sandbox.ts";

export interface SandboxSessionOptions {
  tool: RunnableTool;
  /** Takes a sandbox that is bound to the tool and used by nobody else. */
  lease(): Promise<Sandbox>;
  /** Called once, when the session is closed. */
  release(): void;
}

/** Runs come one at a time. */
export function createSandboxSession({ tool, lease, release }: SandboxSessionOptions): InvokerSession {
  let sandbox: Promise<Sandbox> | undefined;
  /** Whether there is an instance that has run before. */
  let isLive = false;
  let closing: Promise<void> | undefined;

  function prepare(): Promise<Sandbox> {
    if (sandbox) return sandbox;
    const leased = lease();
    sandbox = leased;
    const forget = (): void => {
      if (sandbox !== leased) return;
      sandbox = undefined;
      isLive = false;
    };
    leased.then((taken) => taken.gone.then(forget), forget);
    return leased;
  }

  async function end(): Promise<void> {
    release();
    const taken = await sandbox?.catch(() => undefined);
    await taken?.close();
  }

  return {
    async run(request): Promise<SessionRunResult> {
      if (closing) throw closedError();
      const isOpening = sandbox === undefined;
      const taken = await prepare();
      const isFresh = !isLive;
      isLive = false;
      try {
        const result = await taken.run(tool, request, isOpening);
        isLive = result.kind === "exited";
        return { ...result, isFresh };
      } catch (error) {
        if (closing) throw closedError(error);
        throw error;
      }
    },
    reset() {
      isLive = false;
      void sandbox?.then((taken) => taken.reset()).catch(() => undefined);
    },
    close() {
      closing ??= end();
      return closing;
    },
  };
}

function closedError(cause?: unknown): PocketError {
  return new PocketError("ERR_POCKET_CLOSED", "the session is closed", { hint: "open a new session", cause });
}
