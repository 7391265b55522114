/** One entry of `storage`: which folder a tool finds under which name, and what it may do there. */
import { PocketError } from "../errors.ts";
import { nearestHint } from "../nearest.ts";

export type StorageEntry =
  | {
      readonly kind: "folder";
      readonly access: "read" | "write";
      /** The tool finds the folder at `/storage/<name>`. */
      readonly name: string;
      /** As it was written: relative to the project, absolute, or beginning with `~/`. */
      readonly path: string;
    }
  /** A folder of Toolpocket's own for one tool, which lasts between calls. */
  | { readonly kind: "private"; readonly name: string };

const KINDS = ["read", "write", "private"] as const;
const EXAMPLE = 'write it as "read:./data", "write:./out", "read:./data at name" or "private:name"';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u;

/**
 * Reads an entry as a user grants it (`"read:./data"`, `"write:./out at results"`, `"private:cache"`) or as a tool asks
 * for it (`"read:data"`): the name of a folder is its last segment unless ` at NAME` follows.
 * @throws PocketError ERR_POCKET_STORAGE_INVALID
 */
export function parseStorageEntry(text: string): StorageEntry {
  const colon = text.indexOf(":");
  const word = text.slice(0, Math.max(0, colon));
  const kind = KINDS.find((known) => known === word);
  if (kind === undefined) throw invalid(text, `"${word}" is none of its kinds${nearestHint(word, KINDS)}`);
  const rest = text.slice(colon + 1).trim();
  if (rest === "") throw invalid(text, "it names no folder");
  if (kind === "private") return { kind, name: checkName(text, rest) };
  const [, path = rest, chosen] = /^(.*\S)\s+at\s+(\S+)$/su.exec(rest) ?? [];
  if (/[\p{Cc}]/u.test(path)) throw invalid(text, "its path holds a control character");
  return { kind: "folder", access: kind, name: checkName(text, chosen ?? lastSegment(path)), path };
}

function lastSegment(path: string): string {
  return path.split(/[/\\]+/u).findLast((segment) => segment !== "") ?? "";
}

/** Names are plain: one folder on every disk and in every guest. */
function checkName(text: string, name: string): string {
  if (NAME.test(name) && !name.endsWith(".")) return name;
  throw invalid(
    text,
    `${JSON.stringify(name)} is no name for a folder of a tool`,
    'name it with up to 64 letters, digits, ".", "_" and "-", for example "read:./My Files at my-files"',
  );
}

function invalid(text: string, problem: string, hint = EXAMPLE): PocketError {
  return new PocketError("ERR_POCKET_STORAGE_INVALID", `the storage entry ${JSON.stringify(text)}: ${problem}`, {
    hint,
    details: { entry: text },
  });
}
