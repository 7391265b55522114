/** Where an MCP server is: a command that starts it, or a URL; and how that reads on one line, without secrets. */
import { basename } from "node:path";
import { PocketError, withoutCredentials } from "@toolpocket/core";

export interface McpCommand {
  /** Started with standard input and output as its channel; with the rights of this process: it is not sandboxed. */
  readonly command: string;
  readonly args?: readonly string[];
  /** Beside the few variables that every program needs. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface McpEndpoint {
  /** Of Streamable HTTP. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type McpAddress = McpCommand | McpEndpoint;

/** For example "mcp+stdio:server-files" or "mcp+https://tools.example/mcp": the same on every machine. */
export function formatMcpAddress(address: McpAddress, name?: string): string {
  if (name !== undefined) return `mcp+${"url" in address ? "http" : "stdio"}:${name}`;
  // Arguments may be secrets, and paths differ from machine to machine.
  if ("command" in address) return `mcp+stdio:${basename(address.command)}`;
  const { protocol, host, pathname } = parseUrl(address.url);
  return `mcp+${protocol}//${host}${pathname}`;
}

/** @throws PocketError ERR_POCKET_SOURCE_INVALID */
export function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && ["http:", "https:"].includes(url.protocol)) return url;
  throw new PocketError(
    "ERR_POCKET_SOURCE_INVALID",
    `${JSON.stringify(withoutCredentials(text))} is no URL of an MCP server`,
    {
      hint: 'write for example "https://tools.example/mcp"',
    },
  );
}
