/** Binds a tool that was read to what the user grants: variables, permissions, limits. */
import { createHash } from "node:crypto";
import { canonicalJson } from "../canonical-json.ts";
import type { ComponentTool } from "../component/component-tools.ts";
import { createComponentValidator } from "../component/component-validator.ts";
import { isEmptyPermissions } from "../compare-permissions.ts";
import { joinPermissions } from "../cover-permissions.ts";
import { isPocketError } from "../errors.ts";
import type { ResolvedGrants } from "../grants.ts";
import { type ResolvedLimits, resolveLimits } from "../limits.ts";
import type { RequestedTool } from "../lockfile/requested-tool.ts";
import { createProgram } from "../manifest/create-program.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { listOptionalVariables } from "../manifest/optional-variables.ts";
import { formatNetworkRule } from "../network/format-network-rule.ts";
import type { PackageWheel } from "../packages/python-packages.ts";
import type { ToolFiles } from "../program.ts";
import { resolveGrants } from "../resolve-grants.ts";
import { resolveRetry } from "../retry/retry.ts";
import { bindSecret } from "../secrets/bind-secret.ts";
import type { Settings, ToolSettings } from "../settings/settings.ts";
import type { ExternalDefinition } from "../external-tool.ts";
import type { FunctionDefinition } from "../tool-request.ts";
import { createInputValidator } from "../validation/input-validator.ts";
import { checkInputSchema, checkOutputSchema } from "../validation/schema-check.ts";
import { withoutVersion } from "../source/without-version.ts";
import { resolveVariables } from "../variables.ts";
import type { ExternalTool, FunctionTool, SandboxedTool } from "./loaded-tool.ts";

export interface BoundContent {
  readonly files: ToolFiles;
  /** The modules that the manifest names by reference. */
  readonly modules?: ReadonlyMap<string, Uint8Array>;
  /** The wheels of the packages that the manifest asks for. */
  readonly packages?: readonly PackageWheel[];
  /** `digestTree` of the files, and of the modules and packages beside them. */
  readonly integrity: string;
  readonly manifest: Manifest;
  /** The one that is meant, where the manifest is that of a component. */
  readonly tool?: ComponentTool;
  /** Where it comes from, on one line. */
  readonly source: string;
}

/** What the project says of its tools. */
export interface BindPlace {
  /** Absolute: where the paths of granted folders count from. */
  readonly cwd: string;
  readonly settings: Settings;
}

/**
 * The tool, ready to be called by `name`.
 * @throws PocketError ERR_POCKET_VARIABLE_UNKNOWN, ERR_POCKET_SECRET_UNBOUND, ERR_POCKET_SETTINGS_INVALID,
 * ERR_POCKET_STORAGE_INVALID
 */
export function bindTool(
  name: string,
  requested: RequestedTool,
  content: BoundContent,
  { cwd, settings }: BindPlace,
): SandboxedTool {
  const { options, mappers } = requested;
  const { integrity, manifest, source, tool } = content;
  const limits = resolveLimits(options.limits, manifest.limits, manifest.runtime);
  // The tools of a component share the table of the name that the user gave the component.
  const own = findToolSettings(options.name ?? name, requested, settings);
  const granted = joinPermissions(options.allow ?? {}, own?.allow ?? {});
  const denied = joinPermissions(manifest.denied ?? {}, joinPermissions(options.deny ?? {}, own?.deny ?? {}));
  // The tools of a component are one program with one set of rights: they share sandbox and private folders.
  const owner = tool === undefined ? name : (options.name ?? manifest.name);
  const { environment, ...grants } = resolveGrants({
    tool: owner,
    cwd,
    origin: originOf(requested),
    allow: granted,
    deny: denied,
  });
  const id = identifySandbox({ name: owner, integrity, limits, grants });
  const bound = Object.entries(
    resolveVariables({
      tool: name,
      declared: manifest.variables,
      optional: listOptionalVariables(manifest),
      code: options.toolVars,
      toolSettings: own?.toolVars,
      settings: settings.toolVars,
    }),
  );
  const { inputSchema } = tool ?? manifest;
  const output = tool?.outputSchema === undefined ? {} : { outputSchema: tool.outputSchema };
  const place = { tool: name, sources: settings.secrets, granted: grants.network.allow };
  return {
    kind: "sandboxed",
    info: {
      name,
      description: (tool ?? manifest).description,
      inputSchema,
      ...announceOutput(output, requested),
      runtime: manifest.runtime,
      source,
      permissions: { asked: manifest.permissions, granted, ...(!isEmptyPermissions(denied) && { denied }) },
      ...(manifest.readme !== undefined && { readme: manifest.readme }),
      ...(tool !== undefined && options.name !== undefined && { component: options.name }),
    },
    validate: tool === undefined ? createInputValidator(inputSchema, limits) : createComponentValidator(tool, limits),
    ...output,
    mappers,
    runnable: {
      id,
      name,
      program: createProgram(manifest, content),
      limits,
      grants,
    },
    table: options.name ?? name,
    ...(tool !== undefined && { component: tool }),
    retry: resolveRetry(options.retry, manifest.retry),
    takesText: manifest.runtime === "wasm" && !manifest.declaresSchema,
    variables: Object.fromEntries(bound.filter((entry): entry is [string, string] => typeof entry[1] === "string")),
    secrets: bound.flatMap(([variable, value]) =>
      typeof value === "string" ? [] : [bindSecret(value, { ...place, variable })],
    ),
    grantedEnvironment: environment,
  };
}

/**
 * `[tools.NAME]` for this tool: where the user himself gave it the name, or where the table is there only to say more of a
 * tool that a program names. A tool that calls itself as another one is called gets nothing of that one's.
 */
function findToolSettings(name: string, { options }: RequestedTool, settings: Settings): ToolSettings | undefined {
  const table = settings.tools.get(name);
  return options.name === name || table?.target === undefined ? table : undefined;
}

/** Where the tool is from, whatever its version. */
function originOf({ target }: RequestedTool): string {
  if (target.kind === "function") return `function:${target.name}`;
  if (target.kind === "external") return target.definition.origin;
  if (target.kind === "local") return `local:${target.path}`;
  if (target.kind === "git") return `${target.url}#${target.path}`;
  return target.kind === "oci" ? withoutVersion(target.url) : `url+${target.url}`;
}

/**
 * A tool of `fromFunction`.
 * @throws PocketError ERR_POCKET_MANIFEST_INVALID when its schema is none.
 */
export function bindFunction(definition: FunctionDefinition, { mappers, label }: RequestedTool): FunctionTool {
  const { name, description } = definition;
  const inputSchema = checkInputSchema(definition.inputSchema, { file: `fromFunction "${name}"`, key: "inputSchema" });
  return {
    kind: "function",
    info: {
      name,
      description,
      inputSchema,
      runtime: "function",
      source: label,
      permissions: { asked: {}, granted: {} },
    },
    validate: createInputValidator(inputSchema),
    mappers,
    definition,
    limits: resolveLimits(),
  };
}

/**
 * A tool that somebody else runs.
 * @throws PocketError ERR_POCKET_MANIFEST_INVALID when its schema is none.
 */
export function bindExternal(definition: ExternalDefinition, requested: RequestedTool): ExternalTool {
  const { options, mappers, label } = requested;
  const { name, description } = definition;
  const limits = resolveLimits(options.limits);
  const inputSchema = checkInputSchema(definition.inputSchema, { file: definition.origin, key: "inputSchema" });
  const output = readOutputSchema(definition);
  return {
    kind: "external",
    info: {
      name,
      description,
      inputSchema,
      runtime: "mcp",
      source: label,
      permissions: { asked: {}, granted: {} },
      ...announceOutput(output, requested),
    },
    validate: createInputValidator(inputSchema, limits),
    ...output,
    mappers,
    definition,
    limits,
  };
}

type Output = Pick<ExternalTool, "outputSchema">;

/** By what is no schema nobody can check: it is taken for none. */
function readOutputSchema({ outputSchema, origin }: ExternalDefinition): Output {
  if (outputSchema === undefined) return {};
  try {
    return { outputSchema: checkOutputSchema(outputSchema, { file: origin, key: "outputSchema" }) };
  } catch (error) {
    if (!isPocketError(error)) throw error;
    return {};
  }
}

/** What mappers make of a value nobody knows beforehand. */
function announceOutput(output: Output, { mappers }: RequestedTool): Output {
  return mappers.length === 0 ? output : {};
}

interface SandboxIdentity {
  readonly name: string;
  readonly integrity: string;
  readonly limits: ResolvedLimits;
  readonly grants: ResolvedGrants;
}

/** Whatever differs in one of these must not share a sandbox. */
function identifySandbox({ name, integrity, limits, grants }: SandboxIdentity): string {
  const { allow, deny } = grants.network;
  const network = { allow: allow.map(formatNetworkRule), deny: deny.map(formatNetworkRule) };
  const storage = grants.storage.map(({ name: folderName, access, folder }) => [folderName, access, folder]);
  const text = canonicalJson({ name, integrity, limits: { ...limits }, network, storage });
  return `sha256-${createHash("sha256").update(text).digest("hex")}`;
}
