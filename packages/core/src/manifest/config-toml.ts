/** Reads config.toml, Hyperpocket's manifest, and what Toolpocket adds to it. */
import { quoteText } from "../tables/describe-value.ts";
import { readLimits } from "../tables/limits-table.ts";
import { findForeignKeys } from "../tables/near-miss.ts";
import { readPermissions } from "../tables/permissions-table.ts";
import { readRetry } from "../tables/retry-table.ts";
import { openTable, type TableReader } from "../tables/table-reader.ts";
import { readVariables } from "../tables/variables-table.ts";
import type { TomlTable } from "../toml.ts";
import { readPackages } from "./packages-list.ts";
import { readAuth } from "./auth-table.ts";
import { readComponent } from "./component-table.ts";
import type { Declaration } from "./declaration.ts";
import { parseEntryName } from "./entry-name.ts";
import { readRuntimeName, RUNTIME_NAMES, runtimeOfPath, type RuntimeName } from "./runtime-name.ts";
import { readToolName } from "./tool-name.ts";
import { readWasm } from "./wasm-table.ts";

const FILE = "config.toml";
const KEYS = [
  "name",
  "description",
  "language",
  "entrypoint",
  "args",
  "packages",
  "auth",
  "tool_vars",
  "permissions",
  "limits",
  "retry",
  "wasm",
  "component",
] as const;

/** What config.toml says. @throws PocketError ERR_POCKET_MANIFEST_INVALID, `details: { file, key }` */
export function readConfigToml(content: TomlTable): Declaration {
  const table = openTable(content, { code: "ERR_POCKET_MANIFEST_INVALID", fileOf: () => FILE, path: [] });
  const foreign = findForeignKeys(table, KEYS);
  const wasm = readWasm(table, "wasm");
  const component = readComponent(table, "component");
  const entryFault: Declaration["entryFault"] = (message, fault) =>
    wasm?.module === undefined && component?.module === undefined
      ? table.fault("entrypoint", message, fault)
      : table.table(component === undefined ? "wasm" : "component").fault("module", message, fault);
  const entrypoint = table.optionalText("entrypoint");
  const entry = entrypoint === undefined ? undefined : parseEntryName(entrypoint, entryFault);
  const auth = readAuth(table, "auth");
  const retry = readRetry(table, "retry");
  const runtime = readRuntime(table, entry?.kind === "file" ? entry.path : undefined);
  return {
    file: FILE,
    name: readToolName(table, "name"),
    description: table.text("description"),
    runtime,
    packages: readPackages(table, runtime),
    ...(entry !== undefined && { entry }),
    args: table.texts("args"),
    variables: readVariables(table, "tool_vars"),
    permissions: readPermissions(table, "permissions"),
    limits: readLimits(table, "limits"),
    ...(auth !== undefined && { auth }),
    ...(retry !== undefined && { retry }),
    ...(wasm !== undefined && { wasm }),
    ...(component !== undefined && { component }),
    warnings: foreign.map((key) => `${FILE}: the key ${quoteText(key)} is not known and has no effect`),
    entryFault,
  };
}

function readRuntime(table: TableReader, entryPath: string | undefined): RuntimeName {
  const named = readRuntimeName(table, "language");
  for (const key of ["component", "wasm"] as const) {
    if (!table.keys.includes(key)) continue;
    if (named === undefined || named === key) return key;
    throw table.fault(key, `[${key}] stands in a tool whose language is "${named}"`, {
      hint: `write language = "${key}", or remove [${key}]`,
    });
  }
  const runtime = named ?? (entryPath === undefined ? undefined : runtimeOfPath(entryPath));
  if (runtime !== undefined) return runtime;
  throw table.fault("language", '"language" is missing', {
    hint: `add language with one of ${RUNTIME_NAMES.join(", ")}, or an entrypoint whose ending tells it`,
  });
}
