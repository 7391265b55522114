/** Whether what a user granted is what a tool asks for. */
import { parseStorageEntry } from "./storage-entry.ts";

/**
 * Whether the entry `granted` gives what the entry `asked` asks for: the same name, and at least that access; `write`
 * includes `read`. Which folder stands behind the name is the user's to say.
 * @throws PocketError ERR_POCKET_STORAGE_INVALID when one of them is no entry.
 */
export function coversStorage(granted: string, asked: string): boolean {
  const given = parseStorageEntry(granted);
  const wanted = parseStorageEntry(asked);
  if (given.name !== wanted.name || given.kind !== wanted.kind) return false;
  if (given.kind === "private" || wanted.kind === "private") return true;
  return given.access === "write" || wanted.access === "read";
}
