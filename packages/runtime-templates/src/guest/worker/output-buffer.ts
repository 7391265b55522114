/**
 * Collects a run's output. What a program writes on its way is sent on at once, so that a run that is ended from outside
 * loses nothing; what it writes at its end travels with its result.
 */
import { concatBytes } from "./concat-bytes.ts";
import type { FromWorker } from "../../protocol/worker-messages.ts";
import { GuestFailure, type GuestOutput } from "./guest-runtime.ts";

/** So many writes are sent on at once; a program that writes more often has its writes gathered. */
const PROMPT_WRITES = 64;
/** Bytes that may be gathered before they are sent on. */
const GATHERED_BYTES = 65_536;
/** Time that bytes may be gathered, counted at the next write. */
const GATHERED_MS = 20;

export interface OutputBuffer extends GuestOutput {
  /** Set once stdout and the value together exceeded the limit. */
  readonly overflow: GuestFailure | undefined;
  /** From now on everything waits for `take()`: the program has ended. */
  hold(): void;
  /** Counts bytes that travel apart, those of the returned value, against the limit of stdout. */
  count(bytes: number): void;
  /** What has not been sent yet; empties the buffer. */
  take(): { stdout: Uint8Array; stderr: Uint8Array };
}

export interface OutputBufferOptions {
  /** Whether more than the limit ends the run, or is dropped with a notice in its place. @defaultValue "fail" */
  overflow?: "fail" | "drop";
}

export function createOutputBuffer(
  maxBytes: number,
  post: (message: FromWorker, transfer: ArrayBuffer[]) => void,
  { overflow: mode = "fail" }: OutputBufferOptions = {},
): OutputBuffer {
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  const now = performance.now.bind(performance);
  let waiting = 0;
  let writes = 0;
  let held = false;
  let flushedAt = now();
  let stdoutBytes = 0;
  let stderrBytes = 0;
  let overflow: GuestFailure | undefined;

  function keep(chunks: Uint8Array[], bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    // Not slice(), which gives a view where a program writes a Buffer.
    chunks.push(new Uint8Array(bytes));
    waiting += bytes.length;
    writes += 1;
    const due = writes <= PROMPT_WRITES || waiting >= GATHERED_BYTES || now() - flushedAt >= GATHERED_MS;
    if (!due || held) return;
    const taken = take();
    post({ type: "output", ...taken }, toTransfer(taken));
  }

  function take(): { stdout: Uint8Array; stderr: Uint8Array } {
    const taken = { stdout: joinBytes(stdout), stderr: joinBytes(stderr) };
    stdout.length = 0;
    stderr.length = 0;
    waiting = 0;
    flushedAt = now();
    return taken;
  }

  function count(bytes: number): void {
    stdoutBytes += bytes;
    if (stdoutBytes <= maxBytes) return;
    if (!overflow) {
      overflow = new GuestFailure("output_too_large", `output is longer than ${maxBytes} bytes`);
      // Told at once: the program may catch what is thrown here, and go on for as long as it likes.
      const taken = take();
      post({ type: "failed", code: overflow.code, message: overflow.message, ...taken }, toTransfer(taken));
    }
    throw overflow;
  }

  function drop(bytes: Uint8Array): void {
    const wasFull = stdoutBytes > maxBytes;
    keep(stdout, bytes.subarray(0, Math.max(0, maxBytes - stdoutBytes)));
    stdoutBytes += bytes.length;
    if (!wasFull && stdoutBytes > maxBytes) {
      keep(stdout, new TextEncoder().encode(`\n… output beyond ${maxBytes} bytes was dropped …\n`));
    }
  }

  return {
    get overflow() {
      return overflow;
    },
    stdout(bytes) {
      if (mode === "drop") return drop(bytes);
      keep(stdout, bytes.subarray(0, Math.max(0, maxBytes - stdoutBytes)));
      count(bytes.length);
    },
    stderr(bytes) {
      keep(stderr, bytes.subarray(0, Math.max(0, maxBytes - stderrBytes)));
      stderrBytes += bytes.length;
    },
    hold() {
      held = true;
    },
    count,
    take,
  };
}

/** What is taken belongs to its taker, and need not be copied. */
export function toTransfer({ stdout, stderr }: ReturnType<OutputBuffer["take"]>): ArrayBuffer[] {
  return [stdout.buffer as ArrayBuffer, stderr.buffer as ArrayBuffer];
}

/** One part is handed on as it is. */
function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  return only && parts.length === 1 ? only : concatBytes(parts);
}
