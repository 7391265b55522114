/** Undoes the Content-Encoding of an answer, as it comes. */
import { type Duplex, pipeline, Readable } from "node:stream";
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from "node:zlib";
import { HostCallError } from "@toolpocket/core";

/** What a server is told that it may use, and all that can be undone. */
export const ACCEPTED_ENCODINGS = "gzip, deflate, br, zstd";
/** Nobody compresses more often; each time multiplies a bomb. */
const MAX_ENCODINGS = 3;
/** The largest window that zstd may use in HTTP: 8 MB (RFC 9659). */
const ZSTD_WINDOW_LOG_MAX = 23;

type Decoder = (body: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

const DECODERS: Readonly<Record<string, Decoder>> = {
  identity: (body) => body,
  gzip: (body) => through(body, createGunzip()),
  "x-gzip": (body) => through(body, createGunzip()),
  deflate: inflate,
  br: (body) => through(body, createBrotliDecompress()),
  zstd: (body) =>
    through(body, createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX } })),
};

/** Whether every one of the encodings can be undone. */
export function canDecode(encodings: readonly string[]): boolean {
  return encodings.length <= MAX_ENCODINGS && encodings.every((encoding) => Object.hasOwn(DECODERS, encoding));
}

/** `body` without its encodings, the last of which was applied last. Fails with HostCallError `protocol`. */
export function decodeContent(
  body: AsyncIterable<Uint8Array>,
  encodings: readonly string[],
): AsyncIterable<Uint8Array> {
  return encodings.toReversed().reduce((rest, encoding) => DECODERS[encoding]?.(rest) ?? rest, body);
}

async function* through(body: AsyncIterable<Uint8Array>, decoder: Duplex): AsyncGenerator<Uint8Array> {
  // An error of either side reaches the loop below; pipeline() takes care that neither outlives the other.
  pipeline(Readable.from(body, { objectMode: false }), decoder, () => undefined);
  try {
    yield* decoder as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if (!isZlibError(cause)) throw cause;
    throw new HostCallError("protocol", "the answer's body is not what its Content-Encoding says", { cause });
  }
}

/** Some servers send "deflate" without zlib's header. */
async function* inflate(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  let first = await chunks.next();
  while (first.done !== true && first.value.length === 0) first = await chunks.next();
  if (first.done === true) return;
  const start = first.value;
  const isZlib = ((start[0] ?? 0) & 0x0f) === 8;
  async function* all(): AsyncGenerator<Uint8Array> {
    yield start;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  yield* through(all(), isZlib ? createInflate() : createInflateRaw());
}

function isZlibError(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return /^(?:Z_|ERR__ERROR_|ZSTD_error_)/u.test(String(error.code));
}
