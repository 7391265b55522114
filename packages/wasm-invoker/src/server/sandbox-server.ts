/**
 * The local server: the pages of the sandboxes, rendered and held in memory, and the WebSocket of each.
 *
 * It is also the browser's proxy (see browser-flags.ts): whatever else a page asks for ends here and is refused.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { WebSocketServer } from "ws";
import { findSite, isPageOf, pathInSite, type Sites } from "./find-site.ts";
import type { RequestAnswerer } from "./sandbox-app.ts";
import type { Site } from "./site.ts";

/** The longest message that a page may send. Output limits are checked apart; this bounds what is read at all. */
const MAX_MESSAGE_BYTES = 268_435_456;

export interface SandboxServer {
  readonly port: number;
  /** Loads what the first request needs. */
  prepare(): void;
  /** Serves `site`; gives its origin, under which its files are, and a way to take it down. */
  addSite(site: Site): { readonly origin: string; remove(): void };
  close(): Promise<void>;
}

/** Starts the server on a free port of the loopback interface. */
export async function startSandboxServer(): Promise<SandboxServer> {
  const sites = new Map<string, Site>();
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  // Neither it nor a page that waits keeps a program from its end; see keep-alive.ts.
  server.unref();
  server.on("connection", (socket) => socket.unref());
  let loading: Promise<ServerParts> | undefined;
  const load = (): Promise<ServerParts> => {
    loading ??= loadParts(sites);
    loading.catch(() => server.close());
    return loading;
  };
  server.on("request", async (request, response) => (await load()).answer(request, response));
  server.on("upgrade", async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until somebody listens to it, an error of the socket would be an error of this process.
    socket.on("error", ignoreError);
    const { sockets } = await load();
    const site = findSite(sites, request.headers.host, request.url ?? "");
    const accepted =
      site &&
      pathInSite(request.url ?? "") === site.channelPath &&
      isPageOf(request.headers.origin, request.headers.host);
    if (!accepted || !site.claimChannel()) return refuse(socket);
    socket.off("error", ignoreError);
    sockets.handleUpgrade(request, socket, head, site.onChannel);
  });
  // The proxy's door for everything that is not plain HTTP.
  server.on("connect", (_request: IncomingMessage, socket: Duplex) => refuse(socket));

  return {
    port,
    prepare: () => void load(),
    addSite(site) {
      const host = `${site.label}.localhost:${port}`;
      sites.set(host, site);
      return { origin: `http://${host}`, remove: () => void sites.delete(host) };
    },
    async close() {
      const parts = await loading;
      await new Promise<void>((resolve) => {
        for (const channel of parts?.sockets.clients ?? []) channel.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

interface ServerParts {
  readonly answer: RequestAnswerer;
  readonly sockets: WebSocketServer;
}

async function loadParts(sites: Sites): Promise<ServerParts> {
  const [{ createSandboxApp }, { WebSocketServer }] = await Promise.all([import("./sandbox-app.ts"), import("ws")]);
  return {
    answer: createSandboxApp(sites),
    sockets: new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false }),
  };
}

function ignoreError(): void {}

function refuse(socket: Duplex): void {
  socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}
