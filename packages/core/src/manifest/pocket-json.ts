/** Reads pocket.json, the manifest of Hyperpocket's newest versions. */
import { PocketError } from "../errors.ts";
import { isJsonObject } from "../json.ts";
import { describeValue, quoteText } from "../tables/describe-value.ts";
import { readLimits } from "../tables/limits-table.ts";
import { findForeignKeys } from "../tables/near-miss.ts";
import { readPermissions } from "../tables/permissions-table.ts";
import { openTable, type TableReader } from "../tables/table-reader.ts";
import { readVariables } from "../tables/variables-table.ts";
import { readAuth } from "./auth-table.ts";
import type { Declaration } from "./declaration.ts";
import { readPackages } from "./packages-list.ts";
import { parseRunCommand, type RunCommand } from "./run-command.ts";
import { readRuntimeName, RUNTIME_NAMES, runtimeOfPath, type RuntimeName } from "./runtime-name.ts";
import { readToolName } from "./tool-name.ts";

const FILE = "pocket.json";
const KEYS = [
  "tool",
  "language",
  "baseImage",
  "entrypoint",
  "variables",
  "auth",
  "permissions",
  "limits",
  "packages",
] as const;

/** What pocket.json says. @throws PocketError ERR_POCKET_MANIFEST_INVALID, `details: { file, key }` */
export function readPocketJson(content: unknown): Declaration {
  const table = openRoot(content);
  const foreign = findForeignKeys(table, KEYS);
  const tool = table.table("tool");
  const entrypoint = table.optionalTable("entrypoint");
  const entryFault: Declaration["entryFault"] = (message, fault) =>
    (entrypoint ?? table).fault(entrypoint ? "run" : "entrypoint", message, fault);
  const run = entrypoint?.optionalText("run");
  const command = run === undefined ? undefined : parseRunCommand(run, entryFault);
  const build = entrypoint?.optionalText("build");
  const auth = readAuth(table, "auth");
  const runtime = readRuntime(table, command);
  return {
    file: FILE,
    name: readToolName(tool, "name"),
    description: tool.text("description"),
    runtime,
    packages: readPackages(table, runtime),
    ...(command !== undefined && { entry: command.entry }),
    args: command?.args ?? [],
    schema: { key: "tool.inputSchema", value: tool.value("inputSchema") },
    ...(build !== undefined && { build }),
    variables: readVariables(table, "variables"),
    permissions: readPermissions(table, "permissions"),
    limits: readLimits(table, "limits"),
    ...(auth !== undefined && { auth }),
    warnings: [
      ...foreign.map((key) => `${FILE}: the key ${quoteText(key)} is not known and has no effect`),
      ...(build === undefined ? [] : [`${FILE}: entrypoint.build is never run; publish the tool built`]),
      ...(command?.ignoredOptions ?? []).map((option) => `${FILE}: the option ${quoteText(option)} has no effect`),
    ],
    entryFault,
  };
}

function openRoot(content: unknown): TableReader {
  if (isJsonObject(content)) {
    return openTable(content, { code: "ERR_POCKET_MANIFEST_INVALID", fileOf: () => FILE, path: [] });
  }
  throw new PocketError("ERR_POCKET_MANIFEST_INVALID", `${FILE} must hold an object, found ${describeValue(content)}`, {
    hint: 'write {"tool": {"name": …, "description": …, "inputSchema": …}, "language": …}',
    details: { file: FILE, key: "" },
  });
}

/** By `language`, else by what the command starts, else by the image's name. */
function readRuntime(table: TableReader, command: RunCommand | undefined): RuntimeName {
  const named = readRuntimeName(table, "language");
  const started = command?.runtime ?? runtimeOfEntry(command);
  if (named !== undefined && command?.runtime !== undefined && named !== command.runtime) {
    throw table.fault("language", `"language" is "${named}", but entrypoint.run starts ${command.runtime}`, {
      found: named,
      nearest: command.runtime,
      hint: "make them agree",
    });
  }
  const image = table.optionalText("baseImage");
  const runtime = named ?? started ?? RUNTIME_NAMES.find((name) => image?.includes(name));
  if (runtime !== undefined) return runtime;
  const key = image === undefined ? "language" : "baseImage";
  throw table.fault(
    key,
    image === undefined ? '"language" is missing' : `"baseImage" is ${quoteText(image)}, which has no runtime here`,
    {
      ...(image !== undefined && { found: image }),
      hint: `set "language" to one of the runtimes that exist: ${RUNTIME_NAMES.join(", ")}`,
    },
  );
}

function runtimeOfEntry(command: RunCommand | undefined): RuntimeName | undefined {
  return command?.entry.kind === "file" ? runtimeOfPath(command.entry.path) : undefined;
}
