/** Makes the tools of a Pocket into an MCP server. */
import type { ToolInfo, ToolProvider } from "@toolpocket/core";
import { type CallToolResult, Server } from "@modelcontextprotocol/server";
import { createPocketHandle, isPocketHandle, type PocketHandle } from "../pocket-handle.ts";
import { callTool } from "./call-tool.ts";
import { describeTool } from "./describe-tool.ts";
import { createManagement, type ManagementTool } from "./management.ts";
import { listReadmes, readReadme } from "./readme-resources.ts";

export interface McpServerOptions {
  /** How the server calls itself. @defaultValue "toolpocket" */
  name?: string;
  /** @defaultValue "0.0.0" */
  version?: string;
  /** What a client tells its model of the server as a whole. */
  instructions?: string;
  /** Tools of the server's own beside those of the Pocket. */
  management?: readonly ManagementTool[];
  /** Whether this server tells its client that the tools changed. @defaultValue true */
  announceChanges?: boolean;
}

/**
 * A server of the official SDK, not connected yet: one for each connection. Tools have title, annotations, input and
 * output schema; a call gives text, and structured content where the tool returned an object; readmes are resources. With a
 * `PocketHandle` the Pocket may be put in the place of another, and clients are told that their tools changed.
 */
export function createMcpServer(source: PocketHandle | ToolProvider, options: McpServerOptions = {}): Server {
  const handle = isPocketHandle(source) ? source : createPocketHandle(source);
  const management = createManagement(options.management ?? []);
  const { name = "toolpocket", version = "0.0.0", instructions, announceChanges = true } = options;
  const server = new Server(
    { name, title: "Toolpocket", version },
    {
      capabilities: { tools: { listChanged: true }, resources: { listChanged: true } },
      requestState: { verify: management.verifyState },
      ...(instructions !== undefined && { instructions }),
    },
  );
  const listTools = async (): Promise<readonly ToolInfo[]> => handle.pocket.tools();

  server.setRequestHandler("tools/list", async () => {
    const own = (await listTools()).filter((tool) => !management.has(tool.name));
    return { tools: [...management.list(), ...own.map(describeTool)] };
  });
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const call = { name: params.name, input: params.arguments ?? {} };
    if (management.has(call.name)) return management.call(call, server, context);
    const result: CallToolResult = await callTool(handle, call, context);
    return result;
  });
  server.setRequestHandler("resources/list", async () => ({ resources: listReadmes(await listTools()) }));
  server.setRequestHandler("resources/templates/list", () => ({ resourceTemplates: [] }));
  server.setRequestHandler("resources/read", async ({ params }) => readReadme(await listTools(), params.uri));
  if (announceChanges) announce(server, handle);
  return server;
}

function announce(server: Server, handle: PocketHandle): void {
  const stop = handle.onToolsChanged(() => {
    // A server that is not connected, or no longer, has nobody to tell.
    server.sendToolListChanged().catch(() => {});
    server.sendResourceListChanged().catch(() => {});
  });
  server.onclose = stop;
}
