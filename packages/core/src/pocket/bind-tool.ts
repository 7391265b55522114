/** Binds a tool that was read to what the user grants: variables, permissions, limits. */
import { createHash } from "node:crypto";
import { canonicalJson } from "../canonical-json.ts";
import type { JsonObject } from "../json.ts";
import { type ResolvedLimits, resolveLimits } from "../limits.ts";
import type { RequestedTool } from "../lockfile/requested-tool.ts";
import { createProgram } from "../manifest/create-program.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { Permissions } from "../permissions.ts";
import type { ToolFiles } from "../program.ts";
import { resolveRetry } from "../retry/retry.ts";
import type { Settings } from "../settings/settings.ts";
import type { FunctionDefinition } from "../tool-request.ts";
import { createInputValidator } from "../validation/input-validator.ts";
import { checkInputSchema } from "../validation/schema-check.ts";
import { resolveVariables } from "../variables.ts";
import type { FunctionTool, SandboxedTool } from "./loaded-tool.ts";

export interface BoundContent {
  readonly files: ToolFiles;
  /** `digestTree` of the files. */
  readonly integrity: string;
  readonly manifest: Manifest;
  /** Where it comes from, on one line. */
  readonly source: string;
}

/**
 * The tool, ready to be called by `name`.
 * @throws PocketError ERR_POCKET_VARIABLE_UNKNOWN
 */
export function bindTool(
  name: string,
  requested: RequestedTool,
  content: BoundContent,
  settings: Settings,
): SandboxedTool {
  const { options, mappers } = requested;
  const { files, integrity, manifest, source } = content;
  const limits = resolveLimits(options.limits, manifest.limits, manifest.runtime);
  const granted = options.allow ?? {};
  const id = identifySandbox({ name, integrity, limits, granted });
  return {
    kind: "sandboxed",
    info: {
      name,
      description: manifest.description,
      inputSchema: manifest.inputSchema,
      runtime: manifest.runtime,
      source,
      permissions: { asked: manifest.permissions, granted },
      ...(manifest.readme !== undefined && { readme: manifest.readme }),
    },
    validate: createInputValidator(manifest.inputSchema),
    mappers,
    runnable: { id, name, program: createProgram(manifest, { files }), limits },
    retry: resolveRetry(options.retry, manifest.retry),
    variables: resolveVariables({
      tool: name,
      declared: manifest.variables,
      code: options.toolVars,
      toolSettings: settings.tools.get(name)?.toolVars,
      settings: settings.toolVars,
    }),
    grantedEnvironment: granted.env ?? [],
  };
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

interface SandboxIdentity {
  readonly name: string;
  readonly integrity: string;
  readonly limits: ResolvedLimits;
  readonly granted: Permissions;
}

/** Whatever differs in one of these must not share a sandbox. */
function identifySandbox({ name, integrity, limits, granted }: SandboxIdentity): string {
  const lists: JsonObject = {};
  for (const [kind, entries] of Object.entries(granted)) lists[kind] = [...entries];
  const text = canonicalJson({ name, integrity, limits: { ...limits }, granted: lists });
  return `sha256-${createHash("sha256").update(text).digest("hex")}`;
}
