/** A connection to an MCP server: made when it is needed, made again when it was lost, bounded in time. */
import {
  Client,
  type CallToolResult,
  type jsonSchemaValidator,
  StreamableHTTPClientTransport,
  type Tool,
  type Transport,
} from "@modelcontextprotocol/client";
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { PocketError } from "@toolpocket/core";
import { formatMcpAddress, type McpAddress, parseUrl } from "./mcp-address.ts";

const CONNECT_TIMEOUT_MS = 30_000;
/** How much of what a server wrote to standard error is kept, to say why it ended. */
const MAX_STDERR_CHARACTERS = 2_000;
/** A call has the deadline of its tool; the client's own must not come before. */
const DEADLINE_MARGIN_MS = 5_000;

export interface McpConnection {
  listTools(): Promise<Tool[]>;
  callTool(call: ToolCall, options: { signal: AbortSignal; timeoutMs: number }): Promise<CallToolResult>;
  /** Whether there is a connection at this moment. */
  readonly isOpen: boolean;
  close(): Promise<void>;
}

interface ToolCall {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
}

interface OpenConnection {
  readonly client: Client;
  readonly readStderr: () => string;
}

/** A stranger's schemas are not compiled here: the Pocket checks inputs, and outputs are taken as they are. */
const NO_VALIDATION: jsonSchemaValidator = {
  getValidator: () => (data) => ({ valid: true, data: data as never, errorMessage: undefined }),
};

export function createConnection(address: McpAddress): McpConnection {
  let opening: Promise<OpenConnection> | undefined;
  let isOpen = false;

  const open = (): Promise<OpenConnection> => {
    opening ??= connect(address, () => {
      opening = undefined;
      isOpen = false;
    }).then(
      (opened) => {
        isOpen = true;
        return opened;
      },
      (error: unknown) => {
        opening = undefined;
        throw error;
      },
    );
    return opening;
  };

  return {
    get isOpen() {
      return isOpen;
    },
    async listTools() {
      const { client } = await open();
      return (await client.listTools({}, { timeout: CONNECT_TIMEOUT_MS, cacheMode: "refresh" })).tools;
    },
    async callTool(call, { signal, timeoutMs }) {
      const { client, readStderr } = await open();
      try {
        return await client.callTool({ ...call }, { signal, timeout: timeoutMs + DEADLINE_MARGIN_MS });
      } catch (error) {
        signal.throwIfAborted();
        if (isOpen) throw error;
        throw new Error(`the MCP server ended during the call${quote(readStderr())}`, { cause: error });
      }
    },
    async close() {
      const opened = await opening?.catch(() => undefined);
      await opened?.client.close();
    },
  };
}

/** @throws PocketError ERR_POCKET_SOURCE_UNREACHABLE */
async function connect(address: McpAddress, onClose: () => void): Promise<OpenConnection> {
  const { transport, readStderr } = openTransport(address);
  const client = new Client(
    { name: "toolpocket", version: "0.0.0" },
    { jsonSchemaValidator: NO_VALIDATION, versionNegotiation: { mode: "url" in address ? "auto" : "legacy" } },
  );
  client.onclose = onClose;
  try {
    await client.connect(transport, { timeout: CONNECT_TIMEOUT_MS });
    return { client, readStderr };
  } catch (cause) {
    await client.close().catch(() => {});
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PocketError(
      "ERR_POCKET_SOURCE_UNREACHABLE",
      `the MCP server ${formatMcpAddress(address)} cannot be reached: ${reason}${quote(readStderr())}`,
      { hint: "see that the command starts, or that the URL and its headers are right", cause },
    );
  }
}

function openTransport(address: McpAddress): { transport: Transport; readStderr: () => string } {
  if ("url" in address) {
    const requestInit = { headers: { ...address.headers } };
    return {
      transport: new StreamableHTTPClientTransport(parseUrl(address.url), { requestInit }),
      readStderr: () => "",
    };
  }
  const { command, args = [], env, cwd } = address;
  const transport = new StdioClientTransport({
    command,
    args: [...args],
    env: { ...getDefaultEnvironment(), ...env },
    stderr: "pipe",
    ...(cwd !== undefined && { cwd }),
  });
  let stderr = "";
  // Read in any case: a server whose pipe is full would stand still.
  transport.stderr?.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString("utf8")).slice(-MAX_STDERR_CHARACTERS);
  });
  return { transport, readStderr: () => stderr };
}

function quote(stderr: string): string {
  return stderr.trim() === "" ? "" : `; its standard error ends with:\n${stderr.trim()}`;
}
