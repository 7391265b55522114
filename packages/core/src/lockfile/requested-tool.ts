/** A requested tool: what the user wrote, with its source found out. */
import { checkRequestOptions } from "../check-options.ts";
import { PocketError, withoutCredentials } from "../errors.ts";
import { isToolName, toToolName } from "../manifest/tool-name.ts";
import { formatSource } from "../source/format-source.ts";
import { locateSource } from "../source/locate-source.ts";
import { parseSource } from "../source/parse-source.ts";
import type { ExternalDefinition } from "../external-tool.ts";
import type { GitSource, LocalSource, RemoteSource } from "../source/source.ts";
import type {
  FunctionDefinition,
  ModuleDescription,
  OutputMapper,
  ToolRequest,
  ToolRequestOptions,
} from "../tool-request.ts";
import { type LockContext, toFolder } from "./lock-context.ts";
import { type ContentLockEntry, toSource } from "./lock-entry.ts";
import { partFailures, settleTool, type ToolFailure } from "./tool-failure.ts";

export interface RequestedTool {
  readonly target:
    | GitSource
    | LocalSource
    | RemoteSource
    | { readonly kind: "function"; readonly name: string; readonly definition: FunctionDefinition }
    | { readonly kind: "external"; readonly name: string; readonly definition: ExternalDefinition };
  readonly options: ToolRequestOptions;
  /** What the request says of a lone module. */
  readonly module?: ModuleDescription;
  readonly mappers: readonly OutputMapper[];
  /** The source on one line, for messages. */
  readonly label: string;
}

/** All requests in their order, each read or failed. */
export async function readRequests(
  requests: readonly (string | ToolRequest)[],
  cwd: string,
): Promise<{ requested: RequestedTool[]; failures: ToolFailure[] }> {
  const results = requests.map((request) => settleTool(identifyRequest(request), () => readRequest(request, cwd)));
  const { done, failures } = partFailures(await Promise.all(results));
  return { requested: done, failures };
}

/**
 * Finds out what a request names; looks at this disk only.
 * @throws PocketError ERR_POCKET_SOURCE_INVALID or ERR_POCKET_PATH_NOT_FOUND when it names nothing,
 * ERR_POCKET_USAGE when the name that it gives the tool is no tool's name, ERR_POCKET_SETTINGS_INVALID when an option is none.
 */
async function readRequest(request: string | ToolRequest, cwd: string): Promise<RequestedTool> {
  if (typeof request !== "string") checkRequestOptions(request, identifyRequest(request).label);
  const { target, options, mappers } =
    typeof request === "string" ? { target: request, options: {}, mappers: [] } : request;
  if (typeof target === "object" && target.kind === "function") {
    const { definition } = target;
    checkName(definition.name, `function:${definition.name}`);
    const named = { kind: "function", name: definition.name, definition } as const;
    return { target: named, options, mappers, label: formatSource(named) };
  }
  if (typeof target === "object" && target.kind === "external") {
    const { definition } = target;
    checkName(definition.name, definition.origin);
    const named = { kind: "external", name: definition.name, definition } as const;
    return { target: named, options, mappers, label: definition.origin };
  }
  const source = await locateSource(parseSource(target, cwd));
  if (source.kind === "function") throw new TypeError("a string cannot name a function");
  const label = formatSource(source, { cwd });
  if (options.name !== undefined) checkName(options.name, label);
  const module = typeof target === "object" && "module" in target ? target.module : undefined;
  return { target: source, options, mappers, label, ...(module !== undefined && { module }) };
}

/** A request for what a lock entry holds, under its name there. */
export function requestEntry(entry: ContentLockEntry, context: LockContext): RequestedTool {
  const target: GitSource | LocalSource | RemoteSource =
    entry.source === "local" ? { kind: "local", path: toFolder(context, entry.path) } : toSource(entry);
  return { target, options: { name: entry.name }, mappers: [], label: formatSource(target) };
}

/** As the user wrote it, but for credentials: a request that fails has no source yet. */
function identifyRequest(request: string | ToolRequest): { label: string; name?: string | undefined } {
  if (typeof request === "string") return { label: withoutCredentials(request) };
  const { target, options } = request;
  switch (target.kind) {
    case "function":
      return { label: `function:${target.definition.name}`, name: target.definition.name };
    case "external":
      return { label: target.definition.origin, name: target.definition.name };
    case "git":
    case "url":
    case "oci":
      return { label: withoutCredentials(target.url), name: options.name };
    case "local":
      return { label: target.path, name: options.name };
  }
}

function checkName(name: string, label: string): void {
  if (isToolName(name)) return;
  throw new PocketError(
    "ERR_POCKET_USAGE",
    `${JSON.stringify(name)} is no name that models take, in the request of ${label}`,
    {
      hint: `use up to 64 letters, digits, "_" and "-", for example ${JSON.stringify(toToolName(name))}`,
      details: { name },
    },
  );
}
