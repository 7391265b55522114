/** Writes WebAssembly modules, in the binary format of the core specification, 2.0. */
import { concatBytes } from "../concat-bytes.ts";

/** What a module begins with: magic and version. */
export const MODULE_PREAMBLE = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
/** The id of sections which the engine does not read. */
export const CUSTOM_SECTION = 0;

/**
 * A module that only carries `bytes`, as a custom section. Workers that are handed a module have its bytes in common, and no
 * code can change them; a buffer would be copied for each of them.
 */
export function encodeCarrier(section: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return concatBytes([MODULE_PREAMBLE, encodeSection(CUSTOM_SECTION, [encodeName(section), bytes])]);
}

/** A section of the module, its contents in parts. */
export function encodeSection(id: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((total, part) => total + part.length, 0);
  return concatBytes([Uint8Array.of(id), encodeUnsigned(length), ...parts]);
}

export function encodeName(name: string): Uint8Array {
  const bytes = new TextEncoder().encode(name);
  return concatBytes([encodeUnsigned(bytes.length), bytes]);
}

/** LEB128. */
export function encodeUnsigned(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** LEB128 of a number of 32 bits whose sign is its highest bit. */
export function encodeSigned(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value | 0; ; rest >>= 7) {
    const last = (rest & 0x40) === 0 ? rest === (rest & 0x3f) : rest >= -0x40 && rest < 0;
    if (last) return Uint8Array.from([...bytes, rest & 0x7f]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
