/** The error of fetched content that is not what the lock says. */
import { PocketError } from "../errors.ts";
import type { PinnedLockEntry } from "./lock-entry.ts";

/** `place` names what was fetched. */
export function contentMismatch(place: string, entry: PinnedLockEntry, found: string): PocketError {
  const { name, integrity } = entry;
  return new PocketError(
    "ERR_POCKET_INTEGRITY",
    `${place} has other content than pocket.lock says for "${name}": ${found}, not ${integrity}`,
    {
      hint: "restore pocket.lock from version control; the tool is not run",
      details: { tool: name, expected: integrity, found },
    },
  );
}
