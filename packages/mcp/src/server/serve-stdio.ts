/** Serves a Pocket to one client over standard input and output. */
import type { Readable, Writable } from "node:stream";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import type { PocketHandle } from "../pocket-handle.ts";
import { watchTools } from "../watch-tools.ts";
import { createMcpServer, type McpServerOptions } from "./create-mcp-server.ts";

export interface ServeStdioOptions extends McpServerOptions {
  /** Ends the serving. */
  signal?: AbortSignal;
  /** @defaultValue process.stdin */
  input?: Readable;
  /** Nothing else may write there. @defaultValue process.stdout */
  output?: Writable;
}

/** Speaks both the revision of 2026 and the older ones with a handshake. Resolves when the client closes its end. */
export async function serveMcpStdio(handle: PocketHandle, options: ServeStdioOptions = {}): Promise<void> {
  const { signal, input = process.stdin, output = process.stdout, ...server } = options;
  const ended = Promise.withResolvers<void>();
  const end = (): void => ended.resolve();
  input.once("end", end).once("close", end);
  output.once("error", end);
  if (signal?.aborted === true) end();
  signal?.addEventListener("abort", end, { once: true });
  const connection = serveStdio(() => createMcpServer(handle, server), {
    transport: new StdioServerTransport(input, output),
  });
  const stopWatching = watchTools(handle);
  try {
    await ended.promise;
  } finally {
    stopWatching();
    signal?.removeEventListener("abort", end);
    await connection.close();
  }
}
