/** Reads Hyperpocket's `pocket.lock` (TSV, no header): repositories pinned at a ref, local folders not at all. */
import { parseSource } from "../source/parse-source.ts";
import { LOCKFILE_VERSION, type Lockfile, type RepositoryPin } from "./lock-entry.ts";
import { COMMIT, GIT_REF } from "./lock-rules.ts";
import { lockFault, type LockText } from "./lock-table.ts";

/** Whether the first line that is not blank is one of Hyperpocket's. */
export function isHyperpocketLock(text: string): boolean {
  return /^\s*(?:git|local)\t/u.test(text);
}

/**
 * Its pins as a lockfile without tools: `git<TAB>url<TAB>ref<TAB>sha`. A `None` in the place of the sha is no pin, and
 * a local folder, an absolute path there, has nothing to be pinned.
 * @throws PocketError ERR_POCKET_LOCK_INVALID with the line that is neither.
 */
export function parseHyperpocketLock(lock: LockText): Lockfile {
  const pins = lock.text
    .split(/\r?\n/u)
    .flatMap((line, index) => (line.trim() === "" ? [] : readLine(lock, line, index + 1)));
  const last = new Map(pins.map((pin) => [`${pin.url}\t${pin.ref}`, pin]));
  return { version: LOCKFILE_VERSION, tools: [], pins: [...last.values()] };
}

function readLine(lock: LockText, line: string, number: number): RepositoryPin[] {
  const [kind, url = "", ref = "", commit = "", ...others] = line.split("\t");
  if (kind === "local" && url !== "" && ref === "") return [];
  if (kind !== "git" || others.length > 0) throw lockFault(lock, number, "is no line of a Hyperpocket lock");
  if (!GIT_REF.holds(ref)) throw lockFault(lock, number, `"${ref}" is not ${GIT_REF.means}`);
  const source = readUrl(lock, url, number);
  if (commit === "None") return [];
  if (!COMMIT.holds(commit)) throw lockFault(lock, number, `"${commit}" is not ${COMMIT.means}`);
  return [{ url: source, ref, commit }];
}

function readUrl(lock: LockText, url: string, line: number): string {
  try {
    const source = parseSource({ kind: "git", url }, "/");
    if (source.kind === "git") return source.url;
  } catch (cause) {
    throw lockFault(lock, line, `"${url}" is no git URL`, undefined, cause);
  }
  throw lockFault(lock, line, `"${url}" is no git URL`);
}
