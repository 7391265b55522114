/**
 * The local server: the pages of the sandboxes, rendered and held in memory, and the WebSocket of each.
 *
 * It is also the browser's proxy (see browser-flags.ts): whatever else a page asks for ends here and is refused.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { type WebSocket, WebSocketServer } from "ws";
import type { Site, SiteFile } from "./site.ts";

/** The longest message that a page may send. Output limits are checked apart; this bounds what is read at all. */
const MAX_MESSAGE_BYTES = 268_435_456;

export interface SandboxServer {
  readonly port: number;
  /** Serves `site`; gives its origin, under which its files are, and a way to take it down. */
  addSite(site: Site): { readonly origin: string; remove(): void };
  close(): Promise<void>;
}

/** Starts the server on a free port of the loopback interface. */
export async function startSandboxServer(): Promise<SandboxServer> {
  const sites = new Map<string, Site>();
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get("/:token/*", (context) => {
    // A whole URL instead of a path is what a proxy is sent.
    if (!context.env.incoming.url?.startsWith("/")) return context.text("refused", 403);
    const site = findSite(sites, context.req.header("host"), context.req.path);
    const file = site?.files.get(pathInSite(context.req.path));
    if (!file || !isOwnRequest(context.req.header("origin"), context.req.header("host")))
      return context.text("refused", 403);
    return new Response(file.body as Uint8Array<ArrayBuffer>, { headers: toHeaders(file) });
  });
  app.all("*", (context) => context.text("refused", 403));

  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const site = findSite(sites, request.headers.host, request.url ?? "");
    const accepted =
      site &&
      pathInSite(request.url ?? "") === site.channelPath &&
      isPageOf(request.headers.origin, request.headers.host);
    if (!accepted || !site.claimChannel()) return refuse(socket);
    sockets.handleUpgrade(request, socket, head, (channel: WebSocket) => site.onChannel(channel));
  });
  // The proxy's door for everything that is not plain HTTP.
  server.on("connect", (_request: IncomingMessage, socket: Duplex) => refuse(socket));

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    port,
    addSite(site) {
      const host = `${site.label}.localhost:${port}`;
      sites.set(host, site);
      return { origin: `http://${host}`, remove: () => void sites.delete(host) };
    },
    close: () =>
      new Promise((resolve) => {
        for (const channel of sockets.clients) channel.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The site whose name and token the request carries; both must be right. */
function findSite(sites: ReadonlyMap<string, Site>, host: string | undefined, path: string): Site | undefined {
  const site = sites.get(host ?? "");
  const token = path.split("/")[1] ?? "";
  return site && isEqual(token, site.token) ? site : undefined;
}

function pathInSite(path: string): string {
  return path.slice(path.indexOf("/", 1));
}

/** A page's requests for its own files carry its own origin, or none. */
function isOwnRequest(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || isPageOf(origin, host);
}

function isPageOf(origin: string | undefined, host: string | undefined): boolean {
  return origin === `http://${host}`;
}

function isEqual(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function toHeaders(file: SiteFile): Record<string, string> {
  return {
    "Content-Type": file.type,
    "Cache-Control": "no-store",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    ...(file.policy !== undefined && { "Content-Security-Policy": file.policy }),
  };
}

function refuse(socket: Duplex): void {
  socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}
