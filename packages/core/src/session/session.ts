/** A session: an interpreter that lives from run to run. Here is its life: runs and files in turn, idle time, end. */
import { PocketError } from "../errors.ts";
import type { HostService } from "../host-service.ts";
import type { InvokerSession, SessionRunResult } from "../invoker.ts";
import type { JsonValue } from "../json.ts";
import { raceAbort } from "../pocket/race-abort.ts";
import { createApproval } from "./approval.ts";
import { checkFileResult, fileError, giveFile, takeFile } from "./session-files.ts";
import {
  type ResolvedSessionLimits,
  type SessionOptions,
  type SessionPackage,
  type SessionOutput,
  resolveTtlMs,
} from "./session-options.ts";
import { type SessionOutcome, shapeSessionOutcome } from "./session-outcome.ts";
import { readFiles, type SessionFile } from "./session-report.ts";
import type { InstalledPackage, SessionPackages } from "./session-packages.ts";
import { createSessionTools, type SessionToolsOptions } from "./session-tools.ts";

/** How long a file may take on its way. */
const FILE_TIMEOUT_MS = 60_000;

export interface SessionRunOptions {
  /** Interrupts the run: it rejects with the signal's reason. The session lives on. */
  signal?: AbortSignal;
  /** Deadline of this run in milliseconds, in the place of the session's own. */
  timeoutMs?: number;
}

/** Python that is run piece by piece. What is asked of it at the same time is done in turn. */
export interface Session extends AsyncDisposable {
  readonly id: string;
  /** Whether it is closed, by `close()`, with its Pocket, or because it was idle for too long. */
  readonly closed: boolean;
  /**
   * Runs code with the variables of the runs before. What the code causes is an outcome: stdout and stderr are kept whatever
   * comes of it. At the deadline it is interrupted as by Ctrl-C; where that does not end it, the session is started anew.
   * @throws PocketError ERR_POCKET_CLOSED, ERR_POCKET_BROWSER_MISSING, ERR_POCKET_BROWSER_START; the reason of
   * `options.signal`; RangeError when `timeoutMs` is not above zero
   */
  run(code: string, options?: SessionRunOptions): Promise<SessionOutcome>;
  /** @param path relative to the workspace; folders are made. @throws PocketError ERR_POCKET_SESSION_FILE */
  writeFile(path: string, content: string | Uint8Array): Promise<void>;
  /** @throws PocketError ERR_POCKET_SESSION_FILE, also where the file is larger than `limits.maxFileBytes` */
  readFile(path: string): Promise<Uint8Array>;
  /** The files of the workspace, sorted by path. */
  listFiles(): Promise<readonly SessionFile[]>;
  /**
   * Installs packages, with all that they require; versions that are installed already stay. What a restart or `reset()`
   * takes away is installed again before the next run.
   * @returns what was installed
   * @throws PocketError as resolving and fetching do; ERR_POCKET_SESSION_FILE when the guest could not unpack a wheel
   */
  install(
    packages: readonly (string | SessionPackage)[],
    options?: { signal?: AbortSignal },
  ): Promise<readonly InstalledPackage[]>;
  /** The packages that are installed, sorted by name. */
  listPackages(): readonly InstalledPackage[];
  /** Starts anew: variables and files are gone, packages and modules are there again. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export interface SessionHost {
  readonly id: string;
  readonly instance: InvokerSession;
  readonly limits: ResolvedSessionLimits;
  readonly packages: SessionPackages;
  readonly invoke: SessionToolsOptions["invoke"];
  readonly refuse: NonNullable<SessionToolsOptions["refuse"]>;
  /** Fires when the Pocket is closed. */
  readonly closing: AbortSignal;
}

interface Errand {
  readonly request: JsonValue;
  readonly services: Readonly<Record<string, HostService>>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly onOutput?: (stdout: Uint8Array, stderr: Uint8Array) => void;
}

/** @throws RangeError, TypeError for options that are wrong */
export function createSession(host: SessionHost, options: SessionOptions): Session {
  const { instance, limits, packages, closing } = host;
  const ttlMs = resolveTtlMs(options.ttlMs);
  const approve = createApproval(options);
  // Nobody is asked about a call that its input forbids.
  const check = options.needsApproval === undefined ? {} : { refuse: host.refuse };
  const tools = new Set(options.tools);
  const prelude = options.prelude ?? "";
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let hasBegun = false;
  /** Whether an instance was lost that no run has told of yet. */
  let wasLost = false;
  /** Packages that the instance lacks because it is fresh. */
  let missing: readonly SessionPackage[] = [];
  let timer: NodeJS.Timeout | undefined;
  let closed: Promise<void> | undefined;
  let reason = "the session is closed";

  /** Does one thing after the other; the session is idle in between. */
  async function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    if (closed) throw closedError(reason);
    clearTimeout(timer);
    waiting += 1;
    const mine = turn.then(() => {
      if (closed) throw closedError(reason);
      return work();
    });
    turn = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      waiting -= 1;
      if (waiting === 0) rest();
    }
  }

  function rest(): void {
    if (closed) return;
    timer = setTimeout(() => {
      reason = `the session has expired: it was idle for ${ttlMs} ms`;
      void close();
    }, ttlMs);
    timer.unref();
  }

  async function send({ request, ...errand }: Errand): Promise<SessionRunResult> {
    const result = await instance.run({ input: request, environment: options.environment ?? {}, ...errand });
    if (result.isFresh && hasBegun) lose();
    hasBegun = true;
    if (result.kind === "failed") lose();
    return result;
  }

  function lose(): void {
    wasLost = true;
    missing = packages.later();
  }

  async function installWheel({ fileName, content }: SessionPackage): Promise<void> {
    const request = { op: "install", prelude };
    const result = await send({ request, services: { "session-file": giveFile(content) }, timeoutMs: FILE_TIMEOUT_MS });
    checkFileResult(result, `install ${fileName}`);
  }

  /** Gives a fresh instance the packages that were installed into the one before. */
  async function restorePackages(): Promise<void> {
    for (const wheel of missing) await installWheel(wheel);
    missing = [];
  }

  async function execute(code: string, { signal, timeoutMs = limits.timeoutMs }: SessionRunOptions) {
    signal?.throwIfAborted();
    await restorePackages();
    const started = performance.now();
    const called = createSessionTools({ ...limits, tools, approve, ...check, invoke: host.invoke });
    const result = await send({
      request: { op: "execute", code, prelude, maxValueBytes: Math.floor(limits.maxOutputBytes / 4) },
      services: { tool: called.service },
      timeoutMs,
      ...(signal && { signal }),
      ...(options.onOutput && { onOutput: decodeOutput(options.onOutput) }),
    });
    signal?.throwIfAborted();
    const shape = { calls: called.list(), durationMs: performance.now() - started, wasLost, timeoutMs };
    wasLost = false;
    return shapeSessionOutcome(result, shape);
  }

  async function close(): Promise<void> {
    clearTimeout(timer);
    closing.removeEventListener("abort", onClosing);
    closed ??= instance.close();
    return closed;
  }
  function onClosing(): void {
    reason = "the Pocket is closed";
    void close();
  }
  closing.addEventListener("abort", onClosing, { once: true });
  if (closing.aborted) onClosing();

  const file = (op: "read" | "write", path: string, service: HostService): Promise<SessionRunResult> =>
    send({ request: { op, path, prelude }, services: { "session-file": service }, timeoutMs: FILE_TIMEOUT_MS });

  return {
    id: host.id,
    get closed() {
      return closed !== undefined;
    },
    async run(code, runOptions = {}) {
      const { timeoutMs } = runOptions;
      if (typeof code !== "string") throw new TypeError("the code of a run is text");
      if (timeoutMs !== undefined && !(timeoutMs > 0 && Number.isFinite(timeoutMs))) {
        throw new RangeError(`timeoutMs is ${timeoutMs}, not a number of milliseconds above zero`);
      }
      // Whoever gives up waits for neither his turn nor the interrupt.
      return raceAbort(
        inTurn(() => execute(code, runOptions)),
        runOptions.signal,
      );
    },
    async writeFile(path, content) {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      const what = `write ${JSON.stringify(path)}`;
      if (bytes.length > limits.maxFileBytes) throw fileError(what, `it has more than ${limits.maxFileBytes} bytes`);
      checkFileResult(await inTurn(() => file("write", path, giveFile(bytes))), what);
    },
    async readFile(path) {
      const what = `read ${JSON.stringify(path)}`;
      const taken = takeFile(limits.maxFileBytes);
      checkFileResult(await inTurn(() => file("read", path, taken.service)), what);
      if (taken.content === undefined) throw fileError(what, "it was not sent");
      return new Uint8Array(taken.content);
    },
    async listFiles() {
      const result = await inTurn(() =>
        send({ request: { op: "list", prelude }, services: {}, timeoutMs: FILE_TIMEOUT_MS }),
      );
      checkFileResult(result, "list files");
      const listed: unknown = result.kind === "exited" && result.value !== undefined ? JSON.parse(result.value) : [];
      return readFiles(listed);
    },
    async install(asked, { signal } = {}) {
      return inTurn(async () => {
        await restorePackages();
        const wheels = await packages.plan(asked, signal);
        for (const wheel of wheels) {
          signal?.throwIfAborted();
          await installWheel(wheel);
          packages.add(wheel);
        }
        const names = new Set(wheels.map(({ fileName }) => fileName.split("-", 1)[0]));
        return packages.list().filter(({ name }) => names.has(name));
      });
    },
    listPackages: () => packages.list(),
    reset: () =>
      inTurn(async () => {
        instance.reset();
        hasBegun = wasLost = false;
        missing = packages.later();
      }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Whole characters, also where one is written in two pieces; what a listener throws is dropped. */
function decodeOutput(listener: (output: SessionOutput) => void): (stdout: Uint8Array, stderr: Uint8Array) => void {
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const tell = (stream: SessionOutput["stream"], bytes: Uint8Array): void => {
    const text = decoders[stream].decode(bytes, { stream: true });
    if (text === "") return;
    try {
      listener({ stream, text });
    } catch {
      // A run does not depend on who watches it.
    }
  };
  return (stdout, stderr) => {
    tell("stdout", stdout);
    tell("stderr", stderr);
  };
}

function closedError(reason: string): PocketError {
  return new PocketError("ERR_POCKET_CLOSED", reason, { hint: "open a new session" });
}
