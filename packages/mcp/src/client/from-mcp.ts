/** Takes the tools of another MCP server into a Pocket. */
import type { Tool } from "@modelcontextprotocol/client";
import {
  digestDefinition,
  type ExternalDefinition,
  fromExternal,
  isToolName,
  type JsonObject,
  type JsonSchema,
  type Limits,
  nearestHint,
  PocketError,
  type ToolDefinition,
  type ToolRequest,
  toToolName,
} from "@toolpocket/core";
import { createConnection, type McpConnection } from "./connection.ts";
import { formatMcpAddress, type McpAddress } from "./mcp-address.ts";
import { readResult } from "./read-result.ts";

export interface FromMcpOptions {
  /** How the server is called in lists and in pocket.lock. @defaultValue the command's name, or the URL */
  name?: string;
  /** The server's own names of the tools to take. @defaultValue all */
  tools?: readonly string[];
  /** Stands before the name of each, for example "files_". */
  prefix?: string;
  /** Names, as they are here, whose definition may differ from what pocket.lock holds: it is pinned anew. */
  accept?: readonly string[];
  limits?: Limits;
}

/**
 * One request for each of the server's tools. The server is asked what it has, and left; a Pocket starts it again at the
 * first call, and ends it when it is closed. Its code runs where it runs, outside of the sandbox: the tools' runtime is
 * "mcp". What a model reads of each tool is pinned in pocket.lock: another name, description or schema is refused with
 * ERR_POCKET_DEFINITION_CHANGED, and so is a call when a server that was started again says another thing.
 * @throws PocketError ERR_POCKET_SOURCE_UNREACHABLE; ERR_POCKET_TOOL_UNKNOWN when the server has none of a name;
 * ERR_POCKET_SOURCE_INVALID for what is no URL.
 */
export async function fromMcp(address: McpAddress, options: FromMcpOptions = {}): Promise<ToolRequest[]> {
  const connection = createConnection(address);
  const origin = formatMcpAddress(address, options.name);
  try {
    const tools = selectTools(await connection.listTools(), origin, options.tools);
    const calls = createCalls(connection);
    return tools.map((tool) => {
      const definition = define(tool, origin, options);
      const run: ExternalDefinition["run"] = (input, context) => calls.run(tool, input as JsonObject, context);
      return fromExternal({ ...definition, run, close: connection.close }, toLimits(options));
    });
  } finally {
    await connection.close();
  }
}

function toLimits({ limits }: FromMcpOptions): { limits?: Limits } {
  return limits === undefined ? {} : { limits };
}

function define(
  tool: Tool,
  origin: string,
  { prefix = "", accept = [] }: FromMcpOptions,
): Omit<ExternalDefinition, "run"> {
  const wanted = `${prefix}${tool.name}`;
  const name = isToolName(wanted) ? wanted : toToolName(wanted);
  return {
    ...toDefinition(tool),
    name,
    origin: `${origin}#${tool.name.replaceAll(/\p{C}/gu, "")}`,
    acceptChange: accept.includes(name),
  };
}

function selectTools(tools: readonly Tool[], origin: string, wanted: readonly string[] | undefined): readonly Tool[] {
  if (wanted === undefined) return tools;
  const known = tools.map(({ name }) => name);
  return wanted.map((name) => {
    const tool = tools.find((one) => one.name === name);
    if (tool !== undefined) return tool;
    throw new PocketError("ERR_POCKET_TOOL_UNKNOWN", `${origin} has no tool "${name}"${nearestHint(name, known)}`, {
      hint: known.length === 0 ? "the server has no tools" : `name one of ${known.join(", ")}`,
      details: { tool: name, known },
    });
  });
}

/** Calls over a connection, after a look at what the server says of its tools whenever that was made anew. */
function createCalls(connection: McpConnection) {
  let listing: Promise<ReadonlyMap<string, string>> | undefined;
  const list = (): Promise<ReadonlyMap<string, string>> => {
    if (!connection.isOpen) listing = undefined;
    listing ??= connection.listTools().then(
      (tools) => new Map(tools.map((tool) => [tool.name, digestTool(tool)])),
      (error: unknown) => {
        listing = undefined;
        throw error;
      },
    );
    return listing;
  };
  return {
    async run(tool: Tool, input: JsonObject, context: { signal: AbortSignal; timeoutMs: number }) {
      if ((await list()).get(tool.name) !== digestTool(tool)) {
        const message = `the MCP server defines "${tool.name}" otherwise than it did when this program read it`;
        return { ok: false, message, retryable: false } as const;
      }
      return readResult(await connection.callTool({ name: tool.name, arguments: input }, context));
    },
  };
}

function digestTool(tool: Tool): string {
  return digestDefinition(toDefinition(tool));
}

/** What a model may read of the tool. */
function toDefinition({ name, title = "", description = title, inputSchema, outputSchema }: Tool): ToolDefinition {
  return {
    name,
    description,
    inputSchema: inputSchema as JsonSchema,
    ...(outputSchema !== undefined && { outputSchema: outputSchema as JsonSchema }),
  };
}
