/** An entry as its author writes it: a file, a function in a file, or a Python module. */
import { posix } from "node:path";
import type { PocketError } from "../errors.ts";
import { quoteText } from "../tables/describe-value.ts";
import type { KeyFault } from "../tables/table-reader.ts";

export type EntryName =
  | { readonly kind: "file"; readonly path: string; readonly function?: string }
  | { readonly kind: "module"; readonly module: string };

/** Makes the error for the key in which the entry stands. */
export type EntryFault = (message: string, fault: KeyFault) => PocketError;

/** The entry that "main.py", "./src/index.mjs" or "main.py:run" names; its path is relative to the tool's folder. */
export function parseEntryName(text: string, fault: EntryFault): EntryName {
  const [, file = text, name] = /^(.*):([^:/\\]*)$/su.exec(text) ?? [];
  if (name !== undefined && !/^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name)) {
    throw fault(`${quoteText(text)} names no function behind its colon`, {
      found: text,
      hint: 'write for example "main.py:run"',
    });
  }
  const path = posix.normalize(file);
  if (file === "" || path.startsWith("/") || path.split("/").includes("..") || /[\\\p{Cc}]/u.test(path)) {
    throw fault(`${quoteText(text)} is no path inside of the tool's folder`, {
      found: text,
      hint: 'write a relative path with "/", for example "src/main.py"',
    });
  }
  return { kind: "file", path, ...(name !== undefined && { function: name }) };
}
