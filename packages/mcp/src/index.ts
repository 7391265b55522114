/** The public names of @toolpocket/mcp. */
export { createPocketHandle, type PocketHandle } from "./pocket-handle.ts";
export { ERROR_META_KEY } from "./server/call-tool.ts";
export { createMcpServer, type McpServerOptions } from "./server/create-mcp-server.ts";
export type { Confirmation, ManagementTool } from "./server/management.ts";
export { serveMcpStdio, type ServeStdioOptions } from "./server/serve-stdio.ts";
export { DEFAULT_WATCH_INTERVAL_MS, watchTools } from "./watch-tools.ts";
export {
  DEFAULT_HTTP_HOST,
  DEFAULT_HTTP_PORT,
  type HttpServerOptions,
  type McpHttpServer,
  startMcpHttpServer,
} from "./http/start-http-server.ts";
export { fromMcp, type FromMcpOptions } from "./client/from-mcp.ts";
export type { McpAddress, McpCommand, McpEndpoint } from "./client/mcp-address.ts";
