/**
 * The binary frame of the channel between host and page: a JSON header and byte parts behind it.
 *
 *     u32 little endian   length of the header
 *     header              UTF-8 JSON: { "message": …, "parts": [length of each part] }
 *     parts               one after the other
 *
 * Bytes never pass through text, so a payload of any size costs one copy on each side.
 */

export interface Frame<Message> {
  readonly message: Message;
  readonly parts: readonly Uint8Array[];
}

const HEADER_LENGTH_BYTES = 4;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export function encodeFrame(message: unknown, parts: readonly Uint8Array[] = []): Uint8Array<ArrayBuffer> {
  const header = encoder.encode(JSON.stringify({ message, parts: parts.map((part) => part.length) }));
  const size = parts.reduce((total, part) => total + part.length, HEADER_LENGTH_BYTES + header.length);
  const frame = new Uint8Array(size);
  new DataView(frame.buffer).setUint32(0, header.length, true);
  frame.set(header, HEADER_LENGTH_BYTES);
  let offset = HEADER_LENGTH_BYTES + header.length;
  for (const part of parts) {
    frame.set(part, offset);
    offset += part.length;
  }
  return frame;
}

/**
 * Reads a frame; the parts are views into `bytes`. The message is unchecked: it is what the other side says.
 * @throws RangeError or SyntaxError when `bytes` is no frame.
 */
export function decodeFrame(bytes: Uint8Array): Frame<unknown> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerEnd = HEADER_LENGTH_BYTES + view.getUint32(0, true);
  if (headerEnd > bytes.length) throw new RangeError("the frame's header is longer than the frame");
  const header: unknown = JSON.parse(decodeText(bytes.subarray(HEADER_LENGTH_BYTES, headerEnd)));
  if (typeof header !== "object" || header === null || !("message" in header) || !("parts" in header)) {
    throw new SyntaxError("the frame's header has no message");
  }
  const lengths: unknown = header.parts;
  if (!Array.isArray(lengths)) throw new SyntaxError("the frame's parts are no list");
  let offset = headerEnd;
  const parts = lengths.map((length: unknown) => {
    if (!Number.isSafeInteger(length) || Number(length) < 0) throw new RangeError("a part of the frame has no length");
    const part = bytes.subarray(offset, offset + Number(length));
    if (part.length !== length) throw new RangeError("the frame is shorter than its parts");
    offset += part.length;
    return part;
  });
  if (offset !== bytes.length) throw new RangeError("the frame is longer than its parts");
  return { message: header.message, parts };
}

function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw new SyntaxError("the frame's header is not UTF-8", { cause: error });
  }
}
