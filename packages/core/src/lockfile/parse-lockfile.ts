/** Reads the text of `pocket.lock`, ours or Hyperpocket's; every field is checked before anything relies on it. */
import { PocketError } from "../errors.ts";
import { parseToml } from "../toml.ts";
import { isHyperpocketLock, parseHyperpocketLock } from "./hyperpocket-lock.ts";
import {
  EMPTY_LOCKFILE,
  LOCKFILE_VERSION,
  type LockEntry,
  type Lockfile,
  type PinnedLockEntry,
  type RepositoryPin,
  type SessionPins,
} from "./lock-entry.ts";
import {
  COMMIT,
  DIGEST,
  GIT_PATH,
  GIT_REF,
  GIT_URL,
  LOCAL_PATH,
  MCP_ORIGIN,
  MODULE,
  PACKAGE,
  REQUIREMENT,
  REMOTE_URLS,
  SOURCE,
  TOOL_NAME,
  WHEEL,
} from "./lock-rules.ts";
import { lockFault, openLockTable, type LockTable, type LockText } from "./lock-table.ts";

/**
 * The lockfile in `text`; an empty text is an empty lock. `file` names it in messages.
 * @throws PocketError ERR_POCKET_LOCK_INVALID, with the line, when it is corrupt or holds a merge conflict.
 * @throws PocketError ERR_POCKET_LOCK_VERSION when a newer Toolpocket made it.
 */
export function parseLockfile(text: string, file = "pocket.lock"): Lockfile {
  // A checkout may end lines its own way; the TOML parser takes a CR in a comment for a fault.
  const plain = text.replace(/^\uFEFF/u, "").replaceAll("\r\n", "\n");
  const lock: LockText = { file, text: plain, sound: new Map() };
  if (lock.text.trim() === "") return EMPTY_LOCKFILE;
  refuseConflict(lock);
  return isHyperpocketLock(lock.text) ? parseHyperpocketLock(lock) : parseTomlLock(lock);
}

function refuseConflict(lock: LockText): void {
  const line = lock.text.split("\n").findIndex((text) => /^(?:<{7}|>{7})(?:\s|$)/u.test(text));
  if (line === -1) return;
  throw new PocketError("ERR_POCKET_LOCK_INVALID", `${lock.file}:${line + 1}: git left a merge conflict in the file`, {
    hint: "take either side (`git checkout --ours pocket.lock`), then run `pocket lock sync`",
    details: { file: lock.file, line: line + 1 },
  });
}

function parseTomlLock(lock: LockText): Lockfile {
  const { version, tool, pin, session, ...others } = parseToml(lock.text, {
    file: lock.file,
    code: "ERR_POCKET_LOCK_INVALID",
  });
  checkVersion(lock, version);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw lockFault(lock, 1, `unknown key "${unknown}"`, unknown);

  const tools = openTables(lock, "tool", tool).map((table) => ({ table, entry: readEntry(table) }));
  const names = new Set<string>();
  for (const { table, entry } of tools) {
    if (names.has(entry.name)) throw table.fault("name", `a second tool is named "${entry.name}"`);
    names.add(entry.name);
  }
  const sessions = openTables(lock, "session", session).map(readSession);
  return {
    version: LOCKFILE_VERSION,
    tools: tools.map(({ entry }) => entry).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    pins: openTables(lock, "pin", pin).map(readPin),
    ...(sessions.length > 0 && { sessions }),
  };
}

function checkVersion(lock: LockText, version: unknown): void {
  if (version === LOCKFILE_VERSION) return;
  if (typeof version === "bigint" || (Number.isInteger(version) && Number(version) > LOCKFILE_VERSION)) {
    throw new PocketError(
      "ERR_POCKET_LOCK_VERSION",
      `${lock.file} has version ${version} and was made by a newer Toolpocket; this one reads version ${LOCKFILE_VERSION}`,
      { hint: "update Toolpocket, for example with `npm install toolpocket@latest`", details: { file: lock.file } },
    );
  }
  throw lockFault(lock, 1, `"version" is not ${LOCKFILE_VERSION}`, "version");
}

function openTables(lock: LockText, name: string, tables: unknown): LockTable[] {
  return (Array.isArray(tables) ? tables : tables === undefined ? [] : [undefined]).map((table, index) =>
    openLockTable(lock, name, index, table),
  );
}

function readEntry(table: LockTable): LockEntry {
  const name = table.text("name", TOOL_NAME);
  const source = table.text("source", SOURCE);
  const modules = table.texts("modules", MODULE);
  const requires = table.texts("requires", REQUIREMENT);
  const packages = table.texts("packages", PACKAGE);
  const common = {
    name,
    ...(modules.length > 0 && { modules }),
    ...(requires.length > 0 && { requires, packages }),
  };
  if (source === "local") {
    table.only(["name", "source", "path", "modules", "requires", "packages"]);
    return { ...common, source, path: table.text("path", LOCAL_PATH), permissions: {} };
  }
  if (source === "mcp") {
    table.only(["name", "source", "url", "definition"]);
    const url = table.text("url", MCP_ORIGIN);
    return { name, source, url, definition: table.text("definition", DIGEST), permissions: {} };
  }
  if (source === "url" || source === "oci") {
    table.only(["name", "source", "url", "digest", ...PINNED_KEYS]);
    const place = { url: table.text("url", REMOTE_URLS[source]), digest: table.text("digest", DIGEST) };
    return { ...common, source, ...place, ...readPinned(table) };
  }
  table.only(["name", "source", "url", "ref", "path", "commit", ...PINNED_KEYS]);
  return {
    ...common,
    source: "git",
    url: table.text("url", GIT_URL),
    ref: table.text("ref", GIT_REF),
    path: table.optionalText("path", GIT_PATH, ""),
    commit: table.text("commit", COMMIT),
    ...readPinned(table),
  };
}

const PINNED_KEYS = ["integrity", "definition", "permissions", "wheels", "modules", "requires", "packages"] as const;

/** What every entry has whose content is pinned. */
function readPinned(table: LockTable): Pick<PinnedLockEntry, "integrity" | "definition" | "permissions" | "wheels"> {
  const definition = table.optionalText("definition", DIGEST, undefined);
  return {
    integrity: table.text("integrity", DIGEST),
    ...(definition !== undefined && { definition }),
    permissions: table.permissions("permissions"),
    wheels: table.texts("wheels", WHEEL),
  };
}

function readSession(table: LockTable): SessionPins {
  table.only(["requires", "packages"]);
  return { requires: table.texts("requires", REQUIREMENT), packages: table.texts("packages", PACKAGE) };
}

function readPin(table: LockTable): RepositoryPin {
  table.only(["url", "ref", "commit"]);
  return { url: table.text("url", GIT_URL), ref: table.text("ref", GIT_REF), commit: table.text("commit", COMMIT) };
}
