/** Serves a Pocket to many clients over Streamable HTTP at `/mcp`. */
import type { Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PocketError } from "@toolpocket/core";
import { serve } from "@hono/node-server";
import { createMcpHandler, isJsonContentType, isLegacyRequest } from "@modelcontextprotocol/server";
import { Hono } from "hono";
import type { PocketHandle } from "../pocket-handle.ts";
import { createMcpServer, type McpServerOptions } from "../server/create-mcp-server.ts";
import { watchTools } from "../watch-tools.ts";
import { checkToken, createRequestGuard } from "./request-guard.ts";
import { createSessions } from "./sessions.ts";

export const DEFAULT_HTTP_HOST = "127.0.0.1";
export const DEFAULT_HTTP_PORT = 9001;
const DEFAULT_MAX_SESSIONS = 64;
const DEFAULT_MAX_BODY_BYTES = 4 * 1024 * 1024;

/** How long answers that are underway may take when the server is closed. */
const CLOSE_GRACE_MS = 2_000;
const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1"]);

export interface HttpServerOptions extends McpServerOptions {
  /** @defaultValue "127.0.0.1" */
  host?: string;
  /** 0 takes a free one. @defaultValue 9001 */
  port?: number;
  /** Every request must carry it as a bearer token. Needed where `host` is not the loopback. */
  token?: string;
  /** Names of this machine by which clients call it, beside those of the loopback. */
  allowedHosts?: readonly string[];
  /** Gives what `/metrics` answers, in Prometheus' text format; without it there is no such page. */
  metrics?: () => Promise<string>;
  /** @defaultValue 64 */
  maxSessions?: number;
  /** @defaultValue 4 MiB */
  maxBodyBytes?: number;
}

export interface McpHttpServer extends AsyncDisposable {
  /** For example "http://127.0.0.1:9001/mcp". */
  readonly url: string;
  readonly port: number;
  /** Ends all sessions, and frees the port. Idempotent. */
  close(): Promise<void>;
}

/**
 * Listens, and serves both the revision of 2026, which has no sessions, and those of 2025 with theirs.
 * @throws PocketError ERR_POCKET_SERVER_START when the port is taken, or the server would be open to the network without
 * a token, or a name or the token is none that a request could carry.
 */
export async function startMcpHttpServer(
  handle: PocketHandle,
  options: HttpServerOptions = {},
): Promise<McpHttpServer> {
  const { host = DEFAULT_HTTP_HOST, port = DEFAULT_HTTP_PORT, token, allowedHosts = [] } = options;
  const { maxSessions = DEFAULT_MAX_SESSIONS, maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = options;
  refuseOpenDoor(host, token);
  const guard = createRequestGuard({
    allowedHosts: LOOPBACK.has(host) ? allowedHosts : [host, ...allowedHosts],
    token: checkToken(token),
  });
  const sessions = createSessions({ createServer: () => createMcpServer(handle, options), maxSessions, maxBodyBytes });
  // A server of the new revision lives for one request: changes are told by the handler, to those who listen.
  const modern = createMcpHandler(() => createMcpServer(handle, { ...options, announceChanges: false }), {
    legacy: "reject",
    maxRequestBodySize: maxBodyBytes,
    maxSubscriptions: maxSessions,
  });
  const app = new Hono();
  app.use(async (context, next) => guard(context.req.raw) ?? next());
  app.all("/mcp", async ({ req: { raw: request } }) => {
    if (request.method === "POST" && !isJsonContentType(request.headers.get("content-type"))) {
      return Response.json({ error: "the body must be application/json" }, { status: 415 });
    }
    const isLegacy = await isLegacyRequest(request, undefined, { maxRequestBodySize: maxBodyBytes });
    return isLegacy ? sessions.handle(request) : modern.fetch(request);
  });

  const { metrics } = options;
  if (metrics !== undefined) {
    app.get("/metrics", async (context) =>
      context.body(await metrics(), 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" }),
    );
  }

  const server = await listen(app, host, port);
  const stops = [
    watchTools(handle),
    handle.onToolsChanged(() => {
      modern.notify.toolsChanged();
      modern.notify.resourcesChanged();
    }),
  ];
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= closeAll());
  const closeAll = async (): Promise<void> => {
    for (const stop of stops) stop();
    const freed = new Promise<void>((resolve) => server.close(() => resolve()));
    await Promise.all([sessions.close(), modern.close()]);
    server.closeIdleConnections();
    const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    await freed;
    clearTimeout(timer);
  };
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}/mcp`,
    port: bound,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function refuseOpenDoor(host: string, token: string | undefined): void {
  if (LOOPBACK.has(host) || (token !== undefined && token !== "")) return;
  throw new PocketError("ERR_POCKET_SERVER_START", `a server at ${host} could be called by everybody in its network`, {
    hint: "give it a token: `--token …` or POCKET_MCP_TOKEN; or serve at 127.0.0.1",
    details: { host },
  });
}

const OTHER_PORT = "choose another port, for example `--port 9002`";
const OTHER_HOST = "name an address of this machine, for example `--host 127.0.0.1`";

const LISTEN_FAULTS: Readonly<Record<string, { readonly reason: string; readonly hint: string }>> = {
  EADDRINUSE: { reason: "the port is taken", hint: OTHER_PORT },
  EACCES: { reason: "the port is not for every user", hint: OTHER_PORT },
  EADDRNOTAVAIL: { reason: "this machine has no such address", hint: OTHER_HOST },
  ENOTFOUND: { reason: "there is no such machine", hint: OTHER_HOST },
};

function listen(app: Hono, hostname: string, port: number): Promise<HttpServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname, port }, () => resolve(server)) as HttpServer;
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const { reason, hint } = LISTEN_FAULTS[cause.code ?? ""] ?? { reason: cause.message, hint: OTHER_PORT };
      reject(
        new PocketError("ERR_POCKET_SERVER_START", `cannot listen at ${hostname}:${port}: ${reason}`, {
          hint,
          details: { host: hostname, port },
          cause,
        }),
      );
    });
  });
}
