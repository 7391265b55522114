/** What the user wrote to name a tool: `fromGit(…)`, `fromLocal(…)`, `fromUrl(…)`, `fromOci(…)`, `fromFunction(…)` or a string. */
import type { ExternalDefinition } from "./external-tool.ts";
import type { JsonSchema, JsonValue } from "./json.ts";
import type { Limits } from "./limits.ts";
import type { Outcome } from "./outcome.ts";
import type { Permissions } from "./permissions.ts";
import type { Retry } from "./retry/retry.ts";
import type { VariableValue } from "./secrets/secret-reference.ts";

/** What the user may say of any tool that is not his own function. */
export interface ToolRequestOptions {
  /** The name the agent calls it by; by default the manifest's. */
  name?: string;
  /** Values of variables that the tool declares: text, or `secret("NAME")`. */
  toolVars?: Record<string, VariableValue>;
  /** What the tool may use; nothing by default. */
  allow?: Permissions;
  /** What it may not use, whatever `allow` says. */
  deny?: Permissions;
  limits?: Limits;
  /** How often a call is tried again whose error is retryable; by default as the tool's manifest says, else never. */
  retry?: Retry;
}

export interface GitRequestOptions extends ToolRequestOptions {
  /** A branch, a tag, or a full or short commit sha; by default the remote's HEAD. */
  ref?: string;
  /** The tool's folder inside the repository; by default its root. */
  path?: string;
}

/** Post-processes the output of an `ok` outcome on the host. A string replaces `output`; another JSON value replaces `value` too. */
export type OutputMapper = (output: string, outcome: Outcome) => JsonValue | Promise<JsonValue>;

export interface FunctionDefinition {
  name: string;
  description: string;
  inputSchema: JsonSchema;
  /** Runs on the host, unsandboxed: it is the user's own code. */
  run: (input: never, context: { signal: AbortSignal }) => unknown;
}

/** What a lone module does not say of itself. */
export interface ModuleDescription {
  /** What the model reads. Without it the module has to come with a manifest. */
  description?: string;
  /** @defaultValue an object with any keys */
  inputSchema?: JsonSchema;
  /** The export that is called. @defaultValue "run", else `_start` */
  entrypoint?: string;
  /** Whether it gets WASI: stdin, stdout, stderr, clocks and randomness. @defaultValue true */
  enableWasi?: boolean;
}

export interface ModuleRequestOptions extends ToolRequestOptions, ModuleDescription {}

export type ToolRequestTarget =
  | { readonly kind: "git"; readonly url: string; readonly ref?: string; readonly path?: string }
  | { readonly kind: "local"; readonly path: string; readonly module: ModuleDescription }
  | { readonly kind: "url" | "oci"; readonly url: string; readonly module: ModuleDescription }
  | { readonly kind: "function"; readonly definition: FunctionDefinition }
  | { readonly kind: "external"; readonly definition: ExternalDefinition };

/** Immutable: `map` gives a new request. */
export interface ToolRequest {
  readonly target: ToolRequestTarget;
  readonly options: ToolRequestOptions;
  readonly mappers: readonly OutputMapper[];
  map(mapper: OutputMapper): ToolRequest;
}

/** A tool in a git repository. The URL may carry ref and path itself (`…/tree/<ref>/<path>`). */
export function fromGit(url: string, options?: GitRequestOptions): ToolRequest;
export function fromGit(url: string, ref: string, path?: string, options?: ToolRequestOptions): ToolRequest;
export function fromGit(
  url: string,
  refOrOptions: string | GitRequestOptions = {},
  path?: string,
  more: ToolRequestOptions = {},
): ToolRequest {
  const given: GitRequestOptions =
    typeof refOrOptions === "string"
      ? { ...more, ref: refOrOptions, ...(path !== undefined && { path }) }
      : refOrOptions;
  const { ref, path: folder, ...options } = given;
  return createToolRequest(
    { kind: "git", url, ...(ref !== undefined && { ref }), ...(folder !== undefined && { path: folder }) },
    options,
  );
}

/** A tool in a folder of this machine, or a lone module: a `.wasm` file. A relative path counts from the Pocket's `cwd`. */
export function fromLocal(path: string, given: ModuleRequestOptions = {}): ToolRequest {
  const { module, options } = partModule(given);
  return createToolRequest({ kind: "local", path, module }, options);
}

/** A module on a web server: `https://…/tool.wasm`. */
export function fromUrl(url: string, options: ModuleRequestOptions = {}): ToolRequest {
  return fromRemote("url", url, options);
}

/** A tool or a lone module in a registry: `oci://host/repository:tag`. */
export function fromOci(reference: string, options: ModuleRequestOptions = {}): ToolRequest {
  return fromRemote("oci", reference, options);
}

function fromRemote(kind: "url" | "oci", url: string, given: ModuleRequestOptions): ToolRequest {
  const { module, options } = partModule(given);
  return createToolRequest({ kind, url, module }, options);
}

/** Parts what is said of a lone module from what is said of any tool. */
function partModule(given: ModuleRequestOptions): { module: ModuleDescription; options: ToolRequestOptions } {
  const { description, inputSchema, entrypoint, enableWasi, ...options } = given;
  const module = {
    ...(description !== undefined && { description }),
    ...(inputSchema !== undefined && { inputSchema }),
    ...(entrypoint !== undefined && { entrypoint }),
    ...(enableWasi !== undefined && { enableWasi }),
  };
  return { module, options };
}

/** The user's own function as a tool: trusted, in-process, its input validated like any other's. */
export function fromFunction(definition: FunctionDefinition): ToolRequest {
  return createToolRequest({ kind: "function", definition }, {});
}

/** A tool that somebody else runs, outside of the sandbox: for adapters such as `fromMcp`. Its definition is pinned. */
export function fromExternal(
  definition: ExternalDefinition,
  options: Pick<ToolRequestOptions, "limits"> = {},
): ToolRequest {
  return createToolRequest({ kind: "external", definition }, options);
}

function createToolRequest(
  target: ToolRequestTarget,
  options: ToolRequestOptions,
  mappers: readonly OutputMapper[] = [],
): ToolRequest {
  return {
    target,
    options,
    mappers,
    map: (mapper) => createToolRequest(target, options, [...mappers, mapper]),
  };
}
