/** Base64 in its one spelling (RFC 4648, section 4), by the functions that every realm has. */

/** Undefined where the text is no base64, or has bits behind its last byte. */
export function readBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/u.test(text)) return undefined;
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return writeBase64(bytes) === text ? bytes : undefined;
}

export function writeBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK_BYTES));
  }
  return btoa(binary);
}

/** What one call takes as arguments. */
const CHUNK_BYTES = 8_192;
