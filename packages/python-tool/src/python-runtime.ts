/** The session that the tool runs its code in: opened when it is first needed, opened again when it has ended. */
import { type InstalledPackage, isPocketError, type Pocket, type Session, type SessionOptions } from "@toolpocket/core";
import type { Activity } from "./activity.ts";

/** What sessions are opened on: a Pocket. */
export type SessionPlace = Pick<Pocket, "session">;

/** How long a call waits for Python to start, in milliseconds. */
export const DEFAULT_READY_TIMEOUT_MS = 60_000;

/** Python is still starting, or has been closed: no fault of the call. */
export class NotReady extends Error {
  override readonly name = "NotReady";
  readonly advice: string;

  /** @param advice what the model should do now */
  constructor(message: string, advice: string) {
    super(message);
    this.advice = advice;
  }
}

export interface PythonRuntime {
  /** @throws NotReady where it takes too long; PocketError where there is nothing to run it in; the signal's reason */
  ready(signal: AbortSignal | undefined): Promise<Session>;
  start(): Promise<void>;
  isReady(): boolean;
  /** @throws PocketError as the installer does */
  install(requirement: string, signal: AbortSignal | undefined): Promise<readonly InstalledPackage[]>;
  listPackages(): readonly InstalledPackage[];
  reset(): Promise<void>;
  close(): Promise<void>;
}

export interface RuntimeOptions {
  readonly activity: Activity;
  /** Called when a session has begun without anything of one before; whether one that had ended was opened again. */
  readonly onBegin: (isAgain: boolean) => void;
  readonly readyTimeoutMs?: number;
}

export function createRuntime(
  place: SessionPlace,
  options: SessionOptions,
  { activity, onBegin, readyTimeoutMs = DEFAULT_READY_TIMEOUT_MS }: RuntimeOptions,
): PythonRuntime {
  /** What the model has installed: a session that is opened again has it, too. */
  const requested = new Set<string>();
  let opening: Promise<Session> | undefined;
  let session: Session | undefined;
  let isClosed = false;
  let hasBegun = false;

  function open(): Promise<Session> {
    if (session?.closed === true) {
      session = opening = undefined;
      activity.setState("initializing");
    }
    opening ??= openOnce();
    return opening;
  }

  async function openOnce(): Promise<Session> {
    try {
      const opened = await place.session(options);
      if (isClosed) await opened.close();
      else if (requested.size > 0) await opened.install([...requested]);
      session = opened;
      onBegin(hasBegun);
      hasBegun = true;
      activity.setState("ready");
      return opened;
    } catch (error) {
      opening = undefined;
      activity.setState("error", error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  async function ready(signal: AbortSignal | undefined): Promise<Session> {
    if (isClosed) throw new NotReady("Python has been closed", "go on without Python: it will not come back");
    const given = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => given.reject(new NotReady("Python is still starting: nothing was run", "call again in a few seconds")),
      readyTimeoutMs,
    );
    const onAbort = (): void => given.reject(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([open(), given.promise]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  return {
    ready,
    async start() {
      try {
        await open();
      } catch (error) {
        // It is told by the state, and by the next call, which tries again.
        if (!isPocketError(error)) throw error;
      }
    },
    isReady: () => session !== undefined && !session.closed,
    async install(requirement, signal) {
      const installed = await (await ready(signal)).install([requirement], signal === undefined ? {} : { signal });
      requested.add(requirement);
      return installed;
    },
    listPackages: () => session?.listPackages() ?? [],
    async reset() {
      if (session === undefined || session.closed) return;
      await session.reset();
      onBegin(false);
    },
    async close() {
      isClosed = true;
      await opening?.then(
        (opened) => opened.close(),
        () => undefined,
      );
    },
  };
}
