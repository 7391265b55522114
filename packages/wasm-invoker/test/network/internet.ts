/** The "internet" of the network tests: one server on loopback that answers by path. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { AddressInfo } from "node:net";

export interface Internet {
  readonly origin: string;
  readonly port: number;
  /** Requests that were given up by the other side before they were answered. */
  readonly given: { up: number };
  close(): Promise<void>;
}

/** What `/echo` tells of a request. */
async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request);
  const text = JSON.stringify({
    method: request.method,
    url: request.url,
    headers: request.headers,
    length: body.length,
    body: body.length < 10_000 ? body.toString("latin1") : "",
  });
  response.writeHead(200, { "content-type": "application/json" }).end(request.method === "HEAD" ? undefined : text);
}

const ROUTES: Readonly<Record<string, RequestListener>> = {
  "/echo": (request, response) => void echo(request, response).catch(() => undefined),
  "/bytes": (request, response) => {
    const size = Number(new URL(request.url ?? "", "http://x").searchParams.get("size"));
    response.writeHead(200, { "content-length": size, "content-type": "application/octet-stream" });
    response.end(Buffer.alloc(size, 0xab));
  },
  "/same": (request, response) => {
    response.writeHead(200, { "content-type": "application/octet-stream" });
    request.pipe(response);
  },
  "/gzip": (_request, response) => {
    const body = gzipSync("unpacked");
    response.writeHead(200, { "content-encoding": "gzip", "content-length": body.length }).end(body);
  },
  "/status/204": (_request, response) => response.writeHead(204, { "x-empty": "yes" }).end(),
  "/status/404": (_request, response) => response.writeHead(404, { "content-type": "text/plain" }).end("not here"),
  "/cookies": (_request, response) => {
    response.appendHeader("set-cookie", "a=1; Path=/");
    response.appendHeader("set-cookie", "b=2, with comma");
    response.appendHeader("x-twice", "one");
    response.appendHeader("x-twice", "two");
    response.end("cookies");
  },
  "/redirect": (_request, response) => response.writeHead(302, { location: "/echo" }).end("elsewhere"),
  "/redirect/307": (_request, response) => response.writeHead(307, { location: "/echo" }).end(),
  "/never": () => undefined,
  "/cut": (_request, response) => {
    response.writeHead(200, { "content-length": 100 }).write("short");
    setTimeout(() => response.destroy(), 20);
  },
};

/** Starts the server on a free port of loopback. */
export async function startInternet(): Promise<Internet> {
  const given = { up: 0 };
  let resume = (): void => undefined;
  const routes: Record<string, RequestListener> = {
    ...ROUTES,
    /** Sends "first", and the rest only when `/stream/go` is asked for. */
    "/stream": (_request, response) => {
      response.writeHead(200, { "content-type": "text/plain" }).write("first,");
      resume = () => response.end("rest");
    },
    "/stream/go": (_request, response) => {
      resume();
      response.end("gone on");
    },
    "/slow": async (_request, response) => {
      await sleep(200);
      response.end("late");
    },
  };
  const server = createServer((request, response) => {
    response.on("close", () => (given.up += response.writableFinished ? 0 : 1));
    const { pathname } = new URL(request.url ?? "", "http://x");
    const route = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
    if (route) route(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    given,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
