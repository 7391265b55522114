/** Gathers everything that is known of one tool of the project. */
import {
  type ComponentImport,
  findUngranted,
  type JsonSchema,
  type LockEntry,
  type Manifest,
  openStore,
  type Permissions,
  type PinnedLockEntry,
  PocketError,
  readFolder,
  readLockfile,
  readManifest,
  type ResolvedLimits,
  resolveLimits,
  type Runtime,
  selectEntries,
  type ToolFiles,
  type ToolInfo,
  type ToolRequest,
  type WasmModule,
} from "@toolpocket/core";
import { dirname, resolve } from "node:path";
import type { Session } from "../command.ts";
import { withDescription } from "./pin-tool.ts";
import { lockPath } from "./change-lock.ts";
import { findRequest } from "./find-request.ts";
import { type SurveyedTool, surveyTool } from "./survey-tools.ts";
import { findVariableOrigins, type VariableOrigin } from "./variable-origins.ts";

/** What pocket.lock says of a tool that is not local. */
export interface LockedPlace {
  readonly url: string;
  /** Of a tool of a repository. */
  readonly ref?: string;
  readonly path?: string;
  readonly commit?: string;
  /** Of a tool from a web server or a registry: the file's, or the manifest's. */
  readonly digest?: string;
  readonly integrity: string;
  /** Digest of what the model reads. */
  readonly definition?: string;
  /** "reference sha256-…" of each module that the manifest names by reference. */
  readonly modules?: readonly string[];
}

/** What a tool that can be called says of itself, with what the user set. */
export interface ToolDetails {
  readonly description: string;
  readonly runtime: Runtime;
  /** For example "main.py", "main.py:run". */
  readonly entry: string;
  readonly args: readonly string[];
  readonly variables: readonly VariableOrigin[];
  readonly limits: ResolvedLimits;
  readonly permissions: {
    readonly asked: Permissions;
    readonly granted: Permissions;
    readonly denied: Permissions;
    /** Asked for, and not granted. */
    readonly missing: Permissions;
  };
  readonly wheels: readonly { readonly name: string; readonly version: string; readonly digest: string }[];
  /** Python packages that it asks for, and the wheels that pocket.lock holds for them. */
  readonly packages: {
    readonly requires: readonly string[];
    readonly wheels: readonly { readonly name: string; readonly version: string; readonly digest: string }[];
  };
  readonly auth?: Manifest["auth"];
  /** Of a component: `tools`, with description and schemas of each. */
  readonly inputSchema: JsonSchema;
  /** Of a component: the names under which its functions are called. */
  readonly tools?: readonly string[];
  /** Of a component: the interfaces that it imports, and whether they are had here. */
  readonly imports?: readonly ComponentImport[];
  readonly readme?: string;
  readonly warnings: readonly string[];
}

export interface InspectedTool {
  readonly name: string;
  readonly state: SurveyedTool["state"];
  /** On one line. */
  readonly source: string;
  /** Why it cannot be called, and what to do. */
  readonly reason?: string;
  readonly hint?: string;
  readonly locked?: LockedPlace;
  /** Of a tool that can be called. */
  readonly details?: ToolDetails;
}

/** @throws PocketError ERR_POCKET_TOOL_UNKNOWN when settings.toml has no such tool */
export async function inspectTool(
  name: string,
  session: Session,
  { offline }: { offline: boolean },
): Promise<InspectedTool> {
  const { cwd, onProgress, signal } = session;
  const request = await findRequest(name, session);
  const tool = await surveyTool(request, { cwd, onProgress, signal, offline, frozen: true });
  const lock = await readLockfile(lockPath(cwd));
  const entry = lock.tools.find((locked) => locked.name === name);
  const locked =
    entry === undefined || entry.source === "local" || entry.source === "mcp" ? undefined : toLockedPlace(entry);
  const common = { name, state: tool.state, ...(locked && { locked }) };
  if (tool.state === "ok") {
    return { ...common, source: tool.info.source, details: await readDetails(tool, { request, entry, cwd }) };
  }
  const { message, hint } = tool.error;
  return tool.state === "unlocked"
    ? { ...common, source: tool.source, reason: "pocket.lock does not hold it", hint: "run `pocket lock sync`" }
    : { ...common, source: tool.source, reason: message, ...(hint !== undefined && { hint }) };
}

function toLockedPlace(entry: PinnedLockEntry): LockedPlace {
  const { url, integrity, definition, modules } = entry;
  const place =
    entry.source === "git"
      ? { url, ref: entry.ref, path: entry.path, commit: entry.commit }
      : { url, digest: entry.digest };
  return { ...place, integrity, ...(definition !== undefined && { definition }), ...(modules && { modules }) };
}

type SoundTool = Extract<SurveyedTool, { state: "ok" }>;

interface ToolPlace {
  readonly request: ToolRequest;
  readonly entry: LockEntry | undefined;
  readonly cwd: string;
}

async function readDetails(tool: SoundTool, place: ToolPlace): Promise<ToolDetails> {
  const { info, tools } = tool;
  const manifest = readManifest(await readFiles(tool.name, place));
  const isComponent = manifest.runtime === "component";
  const { asked, granted, denied = {} } = info.permissions;
  const variables = await findVariableOrigins(tool.name, manifest, place);
  const ungranted = findUngranted(asked, granted, denied);
  // A name of the environment that the user bound to a value is no more missing.
  const isBound = (entry: string): boolean => variables.some((variable) => variable.name === entry);
  const missing = selectEntries(ungranted, (kind, entry) => kind !== "env" || !isBound(entry));
  return {
    description: isComponent ? manifest.description : info.description,
    runtime: info.runtime,
    entry: describeEntry(manifest),
    args: manifest.args,
    variables,
    limits: resolveLimits(place.request.options.limits, manifest.limits, manifest.runtime),
    permissions: { asked, granted, denied, missing },
    wheels: manifest.wheels.map(({ name, version, digest }) => ({ name, version, digest })),
    packages: {
      requires: manifest.runtime === "python" ? manifest.packages : [],
      wheels: (place.entry?.packages ?? []).map((line) => {
        const [name = "", version = "", digest = ""] = line.split(" ");
        return { name, version, digest };
      }),
    },
    ...(manifest.auth !== undefined && { auth: manifest.auth }),
    inputSchema: isComponent ? toSchemas(tools) : info.inputSchema,
    ...(isComponent && { tools: tools.map(({ name }) => name), imports: manifest.entry.content?.imports ?? [] }),
    ...(info.readme !== undefined && { readme: info.readme }),
    warnings: manifest.warnings,
  };
}

/** What a model reads of each tool of a component. */
function toSchemas(tools: readonly ToolInfo[]): JsonSchema {
  const schemas = tools.map(({ name, description, inputSchema, outputSchema }) => {
    return [name, { description, inputSchema, ...(outputSchema !== undefined && { outputSchema }) }] as const;
  });
  return { tools: Object.fromEntries(schemas) };
}

async function readFiles(name: string, { request, entry, cwd }: ToolPlace): Promise<ToolFiles> {
  if (entry?.source === "local") {
    return withDescription(request, await readFolder(resolve(dirname(lockPath(cwd)), entry.path)));
  }
  if (request.target.kind === "local") {
    return withDescription(request, await readFolder(resolve(cwd, request.target.path)));
  }
  const files = entry === undefined || entry.source === "mcp" ? null : await openStore().readTree(entry.integrity);
  if (files !== null) return withDescription(request, files);
  throw new PocketError("ERR_POCKET_STORE", `the content of "${name}" has gone from the store`, {
    hint: "run `pocket lock sync`",
  });
}

function describeEntry({ runtime, entry }: Manifest): string {
  if (runtime === "component") return nameModule(entry.module);
  if (runtime === "wasm") return `${nameModule(entry.module)}:${entry.entrypoint}`;
  if (runtime === "node") return entry.function === undefined ? entry.path : `${entry.path}:${entry.function}`;
  switch (entry.kind) {
    case "script":
      return entry.module === undefined ? entry.path : `${entry.path} (python -m ${entry.module})`;
    case "function":
      return `${entry.path}:${entry.function}`;
    case "wheel":
      return `${entry.path} (${entry.module}.main)`;
  }
}

function nameModule(module: WasmModule): string {
  return module.kind === "file" ? module.path : module.reference;
}
