/** The body that a guest sends: read ahead while it is small, so that its length is known and a redirect may send it again. */
import { HostCallError } from "@toolpocket/core";
import { createByteReplacer, replaceBytes, type Replacement } from "./replace-bytes.ts";
import { untilAborted } from "./until-aborted.ts";

/** Bodies up to this size are kept, in bytes. */
const MAX_KEPT_BYTES = 1_048_576;

export type RequestBody =
  | { readonly kind: "kept"; readonly bytes: Buffer }
  /** May be sent once. */
  | { readonly kind: "stream"; readonly chunks: AsyncIterable<Uint8Array>; readonly length?: number };

export const NO_BODY: RequestBody = { kind: "kept", bytes: Buffer.alloc(0) };

export interface ReadRequestBodyOptions {
  readonly maxBytes: number;
  /** What the guest's Content-Length says. */
  readonly length: number | undefined;
  readonly signal: AbortSignal;
}

/** @throws HostCallError `too_large`, or `protocol` where the body is not as long as was said. */
export async function readRequestBody(
  body: AsyncIterable<Uint8Array>,
  { maxBytes, length, signal }: ReadRequestBodyOptions,
): Promise<RequestBody> {
  if (length !== undefined && length > maxBytes) throw tooLarge(maxBytes);
  const chunks = body[Symbol.asyncIterator]();
  const kept: Uint8Array[] = [];
  let bytes = 0;
  while (bytes <= MAX_KEPT_BYTES) {
    const { done, value } = await untilAborted(chunks.next(), signal);
    if (done === true) {
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      if (length === undefined || length === bytes) return { kind: "kept", bytes: Buffer.concat(kept, bytes) };
      throw new HostCallError("protocol", `the body has ${bytes} bytes, its Content-Length header says ${length}`);
    }
    kept.push(value);
    bytes += value.length;
  }
  return { kind: "stream", chunks: capped(kept, chunks, maxBytes), ...(length !== undefined && { length }) };
}

/** What goes over the wire: the body with its secrets put in, and its length where that is known before. */
export function outgoingBody(
  body: RequestBody,
  replacements: readonly Replacement[],
): { readonly content: Buffer | AsyncIterable<Uint8Array>; readonly length?: number } {
  if (body.kind === "kept") {
    const content = replacements.length === 0 ? body.bytes : replaceBytes(body.bytes, replacements);
    return { content, length: content.length };
  }
  if (replacements.length > 0) return { content: replaced(body.chunks, replacements) };
  return { content: body.chunks, ...(body.length !== undefined && { length: body.length }) };
}

/** `body` with `replacements` made in it, as it comes. */
export async function* replaced(
  body: AsyncIterable<Uint8Array>,
  replacements: readonly Replacement[],
): AsyncGenerator<Uint8Array> {
  const replacer = createByteReplacer(replacements);
  for await (const chunk of body) {
    const settled = replacer.push(chunk);
    if (settled.length > 0) yield settled;
  }
  const rest = replacer.end();
  if (rest.length > 0) yield rest;
}

async function* capped(
  kept: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  const pass = (chunk: Uint8Array): Uint8Array => {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    return chunk;
  };
  for (const chunk of kept) yield pass(chunk);
  for await (const chunk of { [Symbol.asyncIterator]: () => rest }) yield pass(chunk);
}

function tooLarge(maxBytes: number): HostCallError {
  return new HostCallError("too_large", `the request's body is larger than ${maxBytes} bytes`);
}
