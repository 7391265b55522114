/**
 * A guest's calls of services on the host: worker → page → host and back, the same messages on both ways; between page and
 * host each carries the run's id beside. `call` numbers the calls of one run: chosen by the guest, each higher than the last.
 * Requests and answers are JSON text, so that they can be bounded before they are parsed. Bodies flow both ways in chunks,
 * and each side sends no more than the other has given it credit for.
 *
 * A call ends with `answer-failed`, with an answer that has no body, with the last chunk of the answer's body, or with
 * `call-cancel`. What is still under way for it then counts for nothing.
 */

/** Bytes of a body that may be under way before the reader has asked for more. */
export const INITIAL_CREDIT_BYTES = 1_048_576;
/** Largest chunk of a body in one message. */
export const MAX_CHUNK_BYTES = 262_144;
/** Longest request as JSON text, in characters: of an HTTP request that is its URL and its headers. */
export const MAX_REQUEST_CHARACTERS = 262_144;
/** Calls of one run that may be open at the same time; the guest's side lets more wait. */
export const MAX_OPEN_CALLS = 64;
/** Calls that one run may make. */
export const MAX_CALLS = 10_000;

export type GuestCallMessage =
  /** `hasBody`: chunks will follow, the last one marked. `request` is JSON text. */
  | {
      readonly type: "call";
      readonly call: number;
      readonly service: string;
      readonly request: string;
      readonly hasBody: boolean;
    }
  /** Part 0: a chunk of the call's body; only the last one may be empty. */
  | { readonly type: "call-data"; readonly call: number; readonly isLast: boolean }
  /** The guest has read so many bytes of the answer's body, whole chunks, and may be sent as many more. */
  | { readonly type: "call-credit"; readonly call: number; readonly bytes: number }
  /** The guest wants nothing more of this call. */
  | { readonly type: "call-cancel"; readonly call: number };

export type HostAnswerMessage =
  /** `hasBody`: chunks will follow, the last one marked. `answer` is JSON text. */
  | { readonly type: "answer"; readonly call: number; readonly answer: string; readonly hasBody: boolean }
  /** Part 0: a chunk of the answer's body. */
  | { readonly type: "answer-data"; readonly call: number; readonly isLast: boolean }
  | { readonly type: "answer-credit"; readonly call: number; readonly bytes: number }
  /** Ends the call, also in the middle of its body. */
  | { readonly type: "answer-failed"; readonly call: number; readonly code: string; readonly message: string };

/** What the service `fetch` is asked. */
export interface FetchRequest {
  readonly method: string;
  /** Absolute, http or https, without fragment. */
  readonly url: string;
  /** In the order and spelling of the guest. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Who follows redirects: the host, with each hop checked; or the guest, who is given the 3xx answer itself. */
  readonly redirect: "follow" | "manual" | "error";
  /** Whether the host undoes Content-Encoding, as fetch() does; http.client and node:http leave it. */
  readonly decompress: boolean;
}

/** What the service `fetch` answers; the body follows. */
export interface FetchAnswer {
  readonly status: number;
  readonly statusText: string;
  /** Of the last hop. */
  readonly url: string;
  readonly redirected: boolean;
  readonly headers: readonly (readonly [name: string, value: string])[];
}
