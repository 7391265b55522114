/** Takes comments out of a component: jco fails at those of a world whose name the component no longer has. */

const SECTION = "package-docs";
const PREAMBLE_BYTES = 8;
const CUSTOM = 0;

/** The component without the custom sections of that name at its outermost level; all else byte for byte. */
export function withoutPackageDocs(bytes: Uint8Array): Uint8Array {
  const kept = [bytes.subarray(0, PREAMBLE_BYTES)];
  let at = PREAMBLE_BYTES;
  while (at < bytes.length) {
    const { value: length, end: start } = readLength(bytes, at + 1);
    const end = start + length;
    const section = bytes.subarray(at, end);
    if (bytes[at] !== CUSTOM || nameOf(bytes, start) !== SECTION) kept.push(section);
    at = end;
  }
  return kept.some((part) => part.length > 0) ? new Uint8Array(Buffer.concat(kept)) : bytes;
}

function nameOf(bytes: Uint8Array, at: number): string {
  const { value: length, end: start } = readLength(bytes, at);
  return new TextDecoder().decode(bytes.subarray(start, start + length));
}

/** An unsigned LEB128 integer; the component was read before, so that it is one. */
function readLength(bytes: Uint8Array, from: number): { value: number; end: number } {
  let value = 0;
  let at = from;
  for (let factor = 1; ; factor *= 0x80) {
    const byte = bytes[at] ?? 0;
    at += 1;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, end: at };
  }
}
