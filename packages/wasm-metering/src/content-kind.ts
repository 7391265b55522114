/** Tells what bytes are before they are read as a module. */
import { ModuleRefusal } from "./refusal.ts";

const MAGIC = [0x00, 0x61, 0x73, 0x6d];
const MODULE_VERSION = [0x01, 0x00, 0x00, 0x00];
/** The second half of a component's version is its layer, 1. */
const COMPONENT_LAYER = [0x01, 0x00];

/** How other content begins, for a sentence that helps: a download often fails with a page, or is still packed. */
const OTHER_CONTENT: readonly (readonly [pattern: RegExp | string, what: string])[] = [
  [/^\s*\(\s*(?:module|component)\b/u, "WebAssembly's text format; assemble it, as with `wat2wasm`"],
  [/^\s*<(?:!doctype|html|\?xml)/iu, "a web page"],
  [/^\s*\{/u, "JSON"],
  [/^version https:\/\/git-lfs/u, "a pointer of Git LFS; fetch the file itself"],
  ["\u001F\u008B", "packed by gzip"],
  ["PK\u0003\u0004", "a zip archive"],
  ["\u007FELF", "a program for Linux"],
];

/** @throws ModuleRefusal `not-wasm`, `component`, `truncated` or `unsupported`, unless a core module begins here. */
export function assertModule(bytes: Uint8Array): void {
  if (bytes.length > 0 && bytes.length < 8 && startsWith(bytes, MAGIC.slice(0, bytes.length), 0))
    throw new ModuleRefusal("truncated", "The module ends within its first 8 bytes");
  if (!startsWith(bytes, MAGIC, 0)) throw new ModuleRefusal("not-wasm", describeOtherContent(bytes));
  if (startsWith(bytes, MODULE_VERSION, 4)) return;
  if (startsWith(bytes, COMPONENT_LAYER, 6))
    throw new ModuleRefusal("component", "The bytes are a component of the component model, not a core module");
  const version = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  throw new ModuleRefusal("unsupported", `The version ${version} of WebAssembly is not known here`);
}

function describeOtherContent(bytes: Uint8Array): string {
  if (bytes.length === 0) return "The module is empty";
  const head = String.fromCodePoint(...bytes.subarray(0, 64));
  const what = OTHER_CONTENT.find(([pattern]) =>
    typeof pattern === "string" ? head.startsWith(pattern) : pattern.test(head),
  )?.[1];
  return what === undefined
    ? "The bytes are not WebAssembly: they do not begin with its magic number"
    : `The bytes are not a WebAssembly module but ${what}`;
}

function startsWith(bytes: Uint8Array, expected: readonly number[], at: number): boolean {
  return expected.every((byte, index) => bytes[at + index] === byte);
}
