/** Reads the manifest of a tool out of its files: the one place that knows which files describe a tool. */
import { isEmptyPermissions } from "../compare-permissions.ts";
import { NO_POLICY, type Policy, POLICY_FILE, readPolicy } from "../component/policy-yaml.ts";
import { joinPermissions } from "../cover-permissions.ts";
import { digestDefinition } from "../definition.ts";
import { PocketError } from "../errors.ts";
import { isJsonObject, type JsonSchema } from "../json.ts";
import { nearestName } from "../nearest.ts";
import type { ToolFiles } from "../program.ts";
import { hasInvisible } from "../show-invisible.ts";
import { quoteText } from "../tables/describe-value.ts";
import { checkInputSchema, withObjectType } from "../validation/schema-check.ts";
import { readConfigToml } from "./config-toml.ts";
import { resolveComponentEntry, toToolsSchema } from "./component-entry.ts";
import type { Declaration } from "./declaration.ts";
import { declareLoneComponent, findLoneComponent, refuseSeveralModules } from "./lone-component.ts";
import { MANIFEST_FILES, type Manifest, type ManifestCode } from "./manifest.ts";
import { resolveNodeEntry } from "./node-entry.ts";
import { readPocketJson } from "./pocket-json.ts";
import { resolvePythonEntry } from "./python-entry.ts";
import { readJsonFile, readTomlFile, readYamlFile } from "./text-file.ts";
import { readToolYaml } from "./tool-yaml.ts";
import { chooseWheels, listWheels } from "./tool-wheels.ts";
import { resolveWasmEntry } from "./wasm-entry.ts";
import { lowerWasmLimits } from "./wasm-limits.ts";

const decoder = new TextDecoder();

export interface ReadManifestOptions {
  /**
   * The definition's digest in the lock. Where the tool still has it, its schema was checked when it was locked, and
   * is not checked again: that saves the time of loading ajv.
   */
  readonly checkedDefinition?: string;
}

/**
 * The manifest in config.toml, or else in pocket.json, or else in tool.yaml, or else what a lone component says. Pure: nothing is run, and no file but these is looked at.
 * @throws PocketError ERR_POCKET_MANIFEST_INVALID with `details: { file, key, found?, nearest? }`, or
 * `{ file, line, column }` where a file cannot be parsed; ERR_POCKET_COMPONENT_REFUSED.
 */
export function readManifest(files: ToolFiles, options: ReadManifestOptions = {}): Manifest {
  const declaration = readDeclaration(files);
  const schema = readSchema(declaration, files);
  const code = readCode(declaration, files);
  const inputSchema =
    code.runtime === "component" ? toToolsSchema(code.entry) : checkSchema(declaration, schema, options);
  const { file, name, args, variables, auth, retry } = declaration;
  const words = readComponentWords(declaration, code, files);
  const { limits, warnings } = lowerWasmLimits(declaration);
  const readme = readReadme(files);
  return {
    file,
    name,
    description: words.description ?? declaration.description,
    args,
    inputSchema,
    declaresSchema: schema.isDeclared,
    variables,
    permissions: joinPermissions(declaration.permissions, words.asked),
    limits: { ...words.limits, ...limits },
    ...code,
    ...(!isEmptyPermissions(words.denied) && { denied: words.denied }),
    ...(auth !== undefined && { auth }),
    ...(retry !== undefined && { retry }),
    ...(readme !== undefined && { readme }),
    warnings: [
      ...declaration.warnings,
      ...warnings,
      ...words.warnings,
      ...warnOfSecondManifest(files),
      ...warnOfInvisible(declaration),
    ],
  };
}

function readDeclaration(files: ToolFiles): Declaration {
  const config = readTomlFile(files, "config.toml");
  if (config !== undefined) return readConfigToml(config);
  if (files.has("pocket.json")) return readPocketJson(readJsonFile(files, "pocket.json"));
  if (files.has("tool.yaml")) return readToolYaml(readYamlFile(files, "tool.yaml"));
  const component = findLoneComponent(files);
  if (component !== undefined) return declareLoneComponent(component);

  const near = [...files.keys()].find((path) => !path.includes("/") && nearestName(path, MANIFEST_FILES) !== undefined);
  const folders = [...files.keys()].flatMap(
    (path) => /^(.+)\/(?:config\.toml|pocket\.json|tool\.yaml)$/u.exec(path)?.[1] ?? [],
  );
  if (near === undefined && folders.length === 0) refuseSeveralModules(files);
  const aside = near === undefined ? "" : `, but there is ${quoteText(near)}`;
  const named = folders.slice(0, 5).map(quoteText).join(", ");
  throw new PocketError(
    "ERR_POCKET_MANIFEST_INVALID",
    `the folder holds no config.toml, no pocket.json and no tool.yaml${aside}`,
    {
      hint:
        folders.length > 0
          ? `name the folder of one tool, for example ${named}`
          : "name the folder of a tool, or add a config.toml",
      details: {
        file: "config.toml",
        ...(near !== undefined && { nearest: near }),
        ...(folders.length > 0 && { folders }),
      },
    },
  );
}

interface FoundSchema {
  readonly file: string;
  readonly key: string;
  readonly value: unknown;
  readonly isDeclared: boolean;
}

/** The schema that stands in the manifest, else schema.json, else one that takes an object without any keys said. */
function readSchema({ file, schema }: Declaration, files: ToolFiles): FoundSchema {
  if (schema?.value !== undefined) return { file, key: schema.key, value: schema.value, isDeclared: true };
  const value = readJsonFile(files, "schema.json");
  const isDeclared = value !== undefined;
  return { file: "schema.json", key: "", value: isDeclared ? value : EMPTY_SCHEMA, isDeclared };
}

const EMPTY_SCHEMA: JsonSchema = { type: "object", properties: {} };

function checkSchema(
  { name, description }: Declaration,
  { file, key, value }: FoundSchema,
  { checkedDefinition }: ReadManifestOptions,
): JsonSchema {
  if (checkedDefinition !== undefined && isJsonObject(value)) {
    const inputSchema = withObjectType(value);
    if (digestDefinition({ name, description, inputSchema }) === checkedDefinition) return inputSchema;
  }
  return checkInputSchema(value, { file, key });
}

function readCode(declaration: Declaration, files: ToolFiles): ManifestCode {
  if (declaration.runtime === "node")
    return { runtime: "node", entry: resolveNodeEntry(declaration, files), wheels: [] };
  if (declaration.runtime === "component")
    return { runtime: "component", entry: resolveComponentEntry(declaration, files), wheels: [] };
  if (declaration.runtime === "wasm")
    return { runtime: "wasm", entry: resolveWasmEntry(declaration, files), wheels: [] };
  const wheels = listWheels(files);
  const entry = resolvePythonEntry(declaration, files, wheels);
  return { runtime: "python", entry, wheels: chooseWheels(wheels, entry.path), packages: declaration.packages };
}

/** What a component, and the policy beside it, say of themselves; nothing for another runtime. */
function readComponentWords(declaration: Declaration, code: ManifestCode, files: ToolFiles): Policy {
  if (code.runtime !== "component") return NO_POLICY;
  const policy: Policy = files.has(POLICY_FILE) ? readPolicy(readYamlFile(files, POLICY_FILE)) : NO_POLICY;
  const { content } = code.entry;
  const isLone = declaration.file.endsWith(".wasm");
  const description = isLone ? (content?.docs ?? policy.description) : undefined;
  return {
    ...policy,
    ...(description !== undefined && { description }),
    warnings: [...(content?.warnings ?? []), ...policy.warnings],
  };
}

function readReadme(files: ToolFiles): string | undefined {
  const path = [...files.keys()].find((name) => name.toLowerCase() === "readme.md");
  return path === undefined ? undefined : decoder.decode(files.get(path));
}

function warnOfSecondManifest(files: ToolFiles): readonly string[] {
  const [first, ...others] = MANIFEST_FILES.filter((file) => files.has(file));
  return others.map((file) => `${file} is not read, because there is a ${first}`);
}

function warnOfInvisible({ file, description }: Declaration): readonly string[] {
  // Lines may end as Windows ends them.
  return hasInvisible(description.replaceAll("\r\n", "\n"))
    ? [`${file}: the description holds invisible characters`]
    : [];
}
