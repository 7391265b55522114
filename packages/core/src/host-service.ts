/** What a guest may call on the host, through its page's channel: the one door out of a sandbox. */
import type { JsonValue } from "./json.ts";

export interface HostCall {
  /** What the guest asks: untrusted, its shape is the service's to check. */
  readonly request: JsonValue;
  /** What the guest sends after it, as it comes; empty where it sends nothing. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Fires when the guest gives up, or its run ends. */
  readonly signal: AbortSignal;
  /** While somebody decides: the run's time does not count until the function that this gives is called. */
  readonly holdClock?: () => () => void;
}

export interface HostAnswer {
  readonly answer: JsonValue;
  /** Pulled only as fast as the guest reads. */
  readonly body?: AsyncIterable<Uint8Array>;
}

/** @throws HostCallError, which the guest sees; any other error it sees only as `internal`. */
export type HostService = (call: HostCall) => Promise<HostAnswer>;

/** A refusal or failure that the guest may know of. */
export class HostCallError extends Error {
  override readonly name = "HostCallError";
  /** For the guest's runtime to choose its own error by, for example "denied", "timeout", "unreachable", "too_large". */
  readonly code: string;
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
