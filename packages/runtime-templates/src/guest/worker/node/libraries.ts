/**
 * The polyfill libraries, each evaluated when it is first used: esbuild turns a `require` of a bundled module into that.
 * What they themselves require of Node is the runtime's own, see library-imports.ts.
 */
import type { Exports } from "./node-realm.ts";

declare const require: (name: string) => Exports;

export const libraries = {
  aes: (): Exports => require("browserify-aes"),
  assert: (): Exports => require("assert/"),
  blake: (): Exports => ({ ...require("@noble/hashes/blake2.js"), ...require("@noble/hashes/blake3.js") }),
  buffer: (): Exports => require("buffer/"),
  events: (): Exports => require("events/"),
  hkdf: (): Exports => require("@noble/hashes/hkdf.js"),
  hmac: (): Exports => require("@noble/hashes/hmac.js"),
  inspect: (): Exports => require("node-inspect-extracted"),
  lexer: (): Exports => require("es-module-lexer/js"),
  legacyHashes: (): Exports => require("@noble/hashes/legacy.js"),
  memfs: (): Exports => require("memfs"),
  pako: (): Exports => require("pako"),
  parseArgs: (): Exports => require("@pkgjs/parseargs"),
  pathPosix: (): Exports => require("bare-path/posix"),
  pathWin32: (): Exports => require("bare-path/win32"),
  pbkdf2: (): Exports => require("@noble/hashes/pbkdf2.js"),
  punycode: (): Exports => require("unenv/node/punycode"),
  querystring: (): Exports => require("unenv/node/querystring"),
  scrypt: (): Exports => require("@noble/hashes/scrypt.js"),
  sha2: (): Exports => require("@noble/hashes/sha2.js"),
  sha3: (): Exports => require("@noble/hashes/sha3.js"),
  stream: (): Exports => require("readable-stream"),
  stringDecoder: (): Exports => require("string_decoder/"),
  url: (): Exports => require("unenv/node/url"),
};
