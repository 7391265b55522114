/** Keeps a record of what the tools of a Pocket do: one line of JSON an event, in a file that only grows. */
import { closeSync, constants, fchmodSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { PocketError } from "../errors.ts";
import type {
  DenialEvent,
  InvocationEvent,
  PocketEventType,
  PocketListener,
  RequestEvent,
} from "../pocket/pocket-events.ts";

/** What tells of invocations: a Pocket. */
export interface Audited {
  on<Type extends PocketEventType>(type: Type, listener: PocketListener<Type>): () => void;
}

export interface Audit extends Disposable {
  /**
   * Ends the record. Idempotent.
   * @throws PocketError ERR_POCKET_AUDIT_WRITE when an event could not be written
   */
  close(): void;
}

/** Only the user may read it. */
const MODE = 0o600;

/**
 * Writes every event of `pocket` to the file at `path` before the call goes on, until it is closed. Other processes may
 * write to it at the same time: each line is appended in one piece. A line holds no secret, input or output.
 * @throws PocketError ERR_POCKET_AUDIT_WRITE when the file cannot be opened
 */
export function openAudit(pocket: Audited, path: string): Audit {
  const file = openFile(path);
  let failure: PocketError | undefined;
  const write = (line: object): void => {
    try {
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      const written = writeSync(file, bytes);
      if (written < bytes.length) throw new Error(`${written} of ${bytes.length} bytes were written`);
    } catch (error) {
      failure ??= writeError(path, error);
    }
  };
  const offs = [
    pocket.on("invocation", (event) => write(toInvocationLine(event))),
    pocket.on("request", (event) => write(toRequestLine(event))),
    pocket.on("denial", (event) => write(toDenialLine(event))),
  ];
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    for (const off of offs) off();
    closeSync(file);
    if (failure !== undefined) throw failure;
  };
  return { close, [Symbol.dispose]: close };
}

function openFile(path: string): number {
  try {
    const { O_APPEND, O_CREAT, O_RDWR } = constants;
    const file = openSync(path, O_APPEND | O_CREAT | O_RDWR, MODE);
    const found = fstatSync(file);
    if (!found.isFile()) {
      closeSync(file);
      throw new Error("it is no file");
    }
    if ((found.mode & 0o077) !== 0) fchmodSync(file, MODE);
    if (!endsLine(file, found.size)) writeSync(file, "\n");
    return file;
  } catch (error) {
    throw writeError(path, error);
  }
}

/** A writer that was killed may have left half of a line. */
function endsLine(file: number, size: number): boolean {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last.toString() === "\n";
}

function writeError(path: string, cause: unknown): PocketError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PocketError("ERR_POCKET_AUDIT_WRITE", `the audit file ${path} cannot be written: ${reason}`, {
    hint: "name a file in a folder that you may write to, on a disk with space",
    details: { file: path },
    cause,
  });
}

function toInvocationLine({ time, tool, invocation, status, code, durationMs }: InvocationEvent) {
  return { time, event: "invocation", tool, invocation, status, code, durationMs: Math.round(durationMs) };
}

/** Of the URL only scheme and host: a path may hold what the tool was given. */
function toRequestLine(event: RequestEvent) {
  const { time, tool, invocation, method, url, status, requestBytes, responseBytes, durationMs, failure } = event;
  return {
    time,
    event: "request",
    tool,
    invocation,
    host: originOf(url),
    method,
    status,
    requestBytes,
    responseBytes,
    durationMs: Math.round(durationMs),
    failed: failure !== undefined,
  };
}

function toDenialLine({ time, tool, invocation, kind, subject, grant }: DenialEvent) {
  const [, method, url] = /^(\S+) (https?:\/\/\S*)$/u.exec(subject) ?? [];
  return {
    time,
    event: "denial",
    tool,
    invocation,
    kind,
    ...(url !== undefined && { host: originOf(url), method }),
    grant,
  };
}

/** For example "https://api.example.com:8443"; a URL that is none is left out. */
function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
