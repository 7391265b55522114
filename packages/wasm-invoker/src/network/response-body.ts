/** The body that a server sends, as the guest gets it: bounded, its encoding undone where asked, secrets masked. */
import { HostCallError } from "@toolpocket/core";
import { decodeContent } from "./decode-content.ts";
import type { Replacement } from "./replace-bytes.ts";
import { replaced } from "./request-body.ts";

export interface ResponseBodyOptions {
  /** Holds for the bytes that come, and again for what they decode to. */
  readonly maxBytes: number;
  /** To be undone; empty: the body stays as it comes. */
  readonly encodings: readonly string[];
  readonly mask: readonly Replacement[];
  /** Told when the guest begins to read. */
  onBegin(): void;
  /** Told of the bytes as they come. */
  onReceived(bytes: number): void;
  /** Told once, of the end: a failure, also that the guest reads no further, or none. */
  onEnd(failure?: HostCallError): void;
  /** Makes of whatever breaks the body what the guest may know. */
  toFailure(error: unknown): HostCallError;
}

export async function* responseBody(
  body: AsyncIterable<Uint8Array>,
  { maxBytes, encodings, mask, onBegin, onReceived, onEnd, toFailure }: ResponseBodyOptions,
): AsyncGenerator<Uint8Array> {
  let failure: HostCallError | undefined = new HostCallError("cancelled", "the answer was not read to its end");
  onBegin();
  try {
    const wire = bounded(body, maxBytes, onReceived);
    const plain = encodings.length === 0 ? wire : bounded(decodeContent(wire, encodings), maxBytes);
    yield* mask.length === 0 ? plain : replaced(plain, mask);
    failure = undefined;
  } catch (error) {
    failure = toFailure(error);
    throw failure;
  } finally {
    onEnd(failure);
  }
}

export function responseTooLarge(maxBytes: number): HostCallError {
  return new HostCallError("too_large", `the answer's body is larger than ${maxBytes} bytes`);
}

async function* bounded(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    onBytes(chunk.length);
    if (bytes > maxBytes) throw responseTooLarge(maxBytes);
    yield chunk;
  }
}
