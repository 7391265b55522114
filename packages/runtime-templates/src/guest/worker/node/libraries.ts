/**
 * The polyfill libraries, each evaluated when it is first used: esbuild turns a `require` of a bundled module into that.
 * The larger ones are not even parsed before, and all get the runtime's own builtins where they require Node's: see
 * library-imports.ts.
 */
import type { Exports } from "./node-realm.ts";

declare const require: (name: string) => Exports;

export const libraries = {
  aes: (): Exports => require("browserify-aes"),
  assert: (): Exports => require("assert/"),
  buffer: (): Exports => require("buffer/"),
  events: (): Exports => require("events/"),
  hashes: (): Exports => require("./builtins/hash-library.ts").hashLibrary,
  inspect: (): Exports => require("node-inspect-extracted"),
  lexer: (): Exports => require("es-module-lexer/js"),
  memfs: (): Exports => require("memfs"),
  pako: (): Exports => require("pako"),
  parseArgs: (): Exports => require("@pkgjs/parseargs"),
  pathPosix: (): Exports => require("bare-path/posix"),
  pathWin32: (): Exports => require("bare-path/win32"),
  punycode: (): Exports => require("unenv/node/punycode"),
  querystring: (): Exports => require("unenv/node/querystring"),
  stream: (): Exports => require("readable-stream"),
  stringDecoder: (): Exports => require("string_decoder/"),
  url: (): Exports => require("unenv/node/url"),
};
