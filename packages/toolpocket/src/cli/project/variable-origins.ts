/** Tells where the value of each of a tool's variables comes from. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  type BoundVariables,
  isJsonObject,
  listOptionalVariables,
  type Manifest,
  parseToml,
  readSettings,
  resolveVariables,
  type SecretReference,
  SECRETS_FILE,
  type Settings,
  type VariableValue,
} from "@toolpocket/core";

export interface VariableOrigin {
  readonly name: string;
  /** Absent where it is a secret, or comes from .secrets.toml, whose values are not shown. */
  readonly value?: string;
  /** What stands in the place of the value where that is a secret. */
  readonly secret?: SecretReference;
  /** For example "the tool's default", "[tools.weather] in settings.toml". */
  readonly from: string;
}

/**
 * The declared variables of a tool with their values, in the order of the manifest.
 * @throws PocketError ERR_POCKET_VARIABLE_UNKNOWN when settings give the tool one that it does not declare
 */
export async function findVariableOrigins(
  tool: string,
  { variables: declared, ...manifest }: Pick<Manifest, "variables" | "auth" | "permissions">,
  { cwd }: { cwd: string },
): Promise<VariableOrigin[]> {
  const [settings, files, secrets] = await Promise.all([
    readSettings({ cwd }),
    readSettings({ cwd, environment: {} }),
    readSecretsTable(cwd),
  ]);
  const own = (from: Settings): BoundVariables => from.tools.get(tool)?.toolVars ?? {};
  const values = resolveVariables({
    tool,
    declared,
    optional: listOptionalVariables(manifest),
    toolSettings: own(settings),
    settings: settings.toolVars,
  });
  const secretTools = asTable(asTable(secrets["tools"])[tool]);
  const layers: readonly Layer[] = [
    {
      label: `[tools.${tool}]`,
      current: own(settings),
      inFiles: own(files),
      inSecrets: asTable(secretTools["tool_vars"]),
    },
    {
      label: "[tool_vars]",
      current: settings.toolVars,
      inFiles: files.toolVars,
      inSecrets: asTable(secrets["tool_vars"]),
    },
  ];
  return Object.entries(values).map(([name, value]) => toOrigin(name, value, layers, settings.file));
}

interface Layer {
  /** The table that sets it. */
  readonly label: string;
  readonly current: BoundVariables;
  /** Without the environment. */
  readonly inFiles: BoundVariables;
  readonly inSecrets: Readonly<Record<string, unknown>>;
}

function toOrigin(name: string, bound: VariableValue, layers: readonly Layer[], file: string): VariableOrigin {
  const value = typeof bound === "string" ? { value: bound } : { secret: bound };
  const layer = layers.find(({ current }) => findKey(current, name) !== undefined);
  if (layer === undefined) return { name, ...value, from: "the tool's default" };
  const { label, current, inFiles, inSecrets } = layer;
  const key = findKey(current, name) ?? name;
  if (!isDeepStrictEqual(inFiles[key], current[key])) return { name, ...value, from: `${label} in the environment` };
  return findKey(inSecrets, name) === undefined || typeof bound !== "string"
    ? { name, ...value, from: `${label} in ${file}` }
    : { name, from: `${label} in ${SECRETS_FILE}` };
}

/** The name as it is declared, else in other case, as `resolveVariables` matches it. */
function findKey(table: Readonly<Record<string, unknown>>, name: string): string | undefined {
  if (Object.hasOwn(table, name)) return name;
  return Object.keys(table).find((key) => key.toLowerCase() === name.toLowerCase());
}

/** `readSettings` has checked the file already. */
async function readSecretsTable(cwd: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const text = await readFile(resolve(cwd, SECRETS_FILE), "utf8");
    return parseToml(text, { file: SECRETS_FILE, code: "ERR_POCKET_SETTINGS_INVALID" });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
}

function asTable(value: unknown): Readonly<Record<string, unknown>> {
  return isJsonObject(value) ? value : {};
}
