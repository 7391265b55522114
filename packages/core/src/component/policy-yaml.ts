/** Reads policy.yaml, in which Wassette's tools say what they need: here it is what a tool asks for, and nothing it is given. */
import { joinPermissions } from "../cover-permissions.ts";
import type { Limits } from "../limits.ts";
import { readNetworkRule } from "../network/parse-network-rule.ts";
import type { Permissions } from "../permissions.ts";
import { describeValue, quoteText } from "../tables/describe-value.ts";
import { findEntryFault } from "../tables/permissions-table.ts";
import { openTable, type TablePlace, type TableReader } from "../tables/table-reader.ts";
import { isTomlTable } from "../toml.ts";

export const POLICY_FILE = "policy.yaml";
const PLACE: TablePlace = { code: "ERR_POCKET_MANIFEST_INVALID", fileOf: () => POLICY_FILE, path: [] };

export interface Policy {
  readonly description?: string;
  /** What is allowed there, as permissions to be asked for. */
  readonly asked: Permissions;
  /** What the tool does not want, whatever it is granted. */
  readonly denied: Permissions;
  readonly limits: Limits;
  /** What has no meaning here. */
  readonly warnings: readonly string[];
}

/** Where there is none. */
export const NO_POLICY: Policy = { asked: {}, denied: {}, limits: {}, warnings: [] };

/**
 * The policy that the file's content makes.
 * @throws PocketError ERR_POCKET_MANIFEST_INVALID, `details: { file, key, found?, nearest? }`, for what is not known or has
 * no counterpart
 */
export function readPolicy(content: unknown): Policy {
  const policy = openTable(toTable(content), PLACE);
  policy.only(["version", "description", "permissions"]);
  const description = policy.optionalText("description");
  const permissions = policy.optionalTable("permissions");
  permissions?.only(["storage", "network", "environment", "resources"]);
  const storage = readLists(permissions, "storage", readStorage);
  const network = readLists(permissions, "network", readNetwork);
  const environment = readLists(permissions, "environment", readEnvironment);
  const resources = readResources(permissions?.optionalTable("resources"));
  return {
    ...(description !== undefined && { description }),
    asked: joinPermissions({}, { network: network.allow, env: environment.allow, storage: storage.allow }),
    denied: joinPermissions({}, { network: network.deny, env: environment.deny, storage: storage.deny }),
    ...resources,
  };
}

function toTable(content: unknown): Readonly<Record<string, unknown>> {
  if (isTomlTable(content)) return content;
  throw openTable({}, PLACE).fault("permissions", "the file holds no policy", {
    hint: 'write version: "1.0" and permissions, or remove the file',
  });
}

interface EntryLists {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

type ReadEntries = (entry: TableReader) => readonly string[];

function readLists(permissions: TableReader | undefined, key: string, read: ReadEntries): EntryLists {
  const table = permissions?.optionalTable(key);
  table?.only(["allow", "deny"]);
  const list = (name: "allow" | "deny"): readonly string[] =>
    table === undefined ? [] : listTables(table, name, ["permissions", key]).flatMap(read);
  return { allow: list("allow"), deny: list("deny") };
}

function listTables(table: TableReader, key: string, path: readonly string[]): readonly TableReader[] {
  const items = table.value(key) ?? [];
  if (!Array.isArray(items)) throw wrongItem(table, key, items);
  return items.map((item: unknown) => {
    if (!isTomlTable(item)) throw wrongItem(table, key, item);
    return openTable(item, { ...PLACE, path: [...path, key] });
  });
}

function wrongItem(table: TableReader, key: string, found: unknown): Error {
  return table.fault(key, `${quoteText(key)} must be a list of entries with keys, found ${describeValue(found)}`, {
    found,
    hint: `write "- " and a key for each entry`,
  });
}

function readNetwork(entry: TableReader): readonly string[] {
  entry.only(["host", "cidr"]);
  if (entry.keys.includes("cidr")) {
    throw entry.fault("cidr", "a range of addresses cannot be asked for", {
      found: entry.value("cidr"),
      hint: "name hosts or single addresses; private addresses are refused unless the user grants them by name",
    });
  }
  const host = entry.text("host");
  const { fault } = readNetworkRule(host);
  if (fault === undefined) return [host];
  throw entry.fault("host", `${quoteText(host)} ${fault.message}`, { found: host, hint: fault.hint });
}

function readEnvironment(entry: TableReader): readonly string[] {
  entry.only(["key"]);
  const key = entry.text("key");
  const fault = findEntryFault("env", key);
  if (fault === undefined) return [key];
  throw entry.fault("key", `${quoteText(key)}: ${fault.message}`, { found: key, hint: fault.hint });
}

/** `fs://workspace/**` with read and write is `write:workspace`: folders are granted whole. */
function readStorage(entry: TableReader): readonly string[] {
  entry.only(["uri", "access"]);
  const uri = entry.text("uri");
  const path = /^fs:\/\/(?<path>.+?)(?:\/\*{1,2})?$/u.exec(uri)?.groups?.["path"];
  if (path === undefined || /[*?[\]]/u.test(path)) {
    throw entry.fault("uri", `${quoteText(uri)} is not the URI of a folder`, {
      found: uri,
      hint: 'write for example "fs://workspace/**": a folder is granted as a whole',
    });
  }
  const access = readAccess(entry);
  const permission = `${access}:${path}`;
  const fault = findEntryFault("storage", permission);
  if (fault === undefined) return [permission];
  throw entry.fault("uri", `${quoteText(uri)}: ${fault.message}`, { found: uri, hint: fault.hint });
}

function readAccess(entry: TableReader): "read" | "write" {
  const access = entry.texts("access");
  const unknown = access.find((one) => one !== "read" && one !== "write");
  if (access.length > 0 && unknown === undefined) return access.includes("write") ? "write" : "read";
  throw entry.fault("access", `"access" must hold read or write, found ${describeValue(unknown ?? access)}`, {
    found: unknown ?? access,
    hint: "write access: [read], or access: [read, write]",
  });
}

const UNIT_BYTES: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

function readResources(resources: TableReader | undefined): Pick<Policy, "limits" | "warnings"> {
  resources?.only(["limits"]);
  const limits = resources?.optionalTable("limits");
  limits?.only(["cpu", "memory"]);
  const warnings = limits?.keys.includes("cpu")
    ? [`${POLICY_FILE}: cpu has no effect, because a call is limited by its time`]
    : [];
  const memory = limits?.value("memory");
  if (limits === undefined || memory === undefined) return { limits: {}, warnings };
  const { amount = "", unit = "" } = /^(?<amount>\d+(?:\.\d+)?)(?<unit>[kMG]i?|)$/u.exec(String(memory))?.groups ?? {};
  const bytes = Math.floor(Number(amount) * (UNIT_BYTES[unit] ?? Number.NaN));
  if (amount !== "" && Number.isSafeInteger(bytes) && bytes > 0) return { limits: { maxMemoryBytes: bytes }, warnings };
  throw limits.fault("memory", `"memory" must be an amount of bytes, found ${describeValue(memory)}`, {
    found: memory,
    hint: 'write for example "512Mi"',
  });
}
