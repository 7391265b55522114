/** A little internet on loopback: one server for http and https under every name, and what a tool asks of it. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { type BoundSecret, type JsonValue, parseNetworkRule, type RunEvent } from "@toolpocket/core";
import type { FetchAnswer, FetchRequest } from "@toolpocket/runtime-templates";
import { createConnections } from "../../src/network/connections.ts";
import { createNetworkBroker, type NetworkBrokerOptions } from "../../src/network/network-broker.ts";

/** Made for these tests with `openssl req -x509 -nodes`, for a.example, b.example and c.example. */
const TLS = {
  key: readFileSync(new URL("tls-key.pem", import.meta.url), "utf8"),
  cert: readFileSync(new URL("tls-certificate.pem", import.meta.url), "utf8"),
};
export const TRUSTED = TLS.cert;

/** The address that counts as public here; every other one keeps its meaning. */
export const PUBLIC_ADDRESS = "127.0.0.1";

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly host: string;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface Internet {
  /** "http://NAME:PORT" and "https://NAME:PORT". */
  http(name: string): string;
  https(name: string): string;
  /** What reached the servers, in order. */
  readonly seen: readonly Seen[];
  close(): Promise<void>;
}

export async function openInternet(listener: RequestListener): Promise<Internet> {
  const seen: Seen[] = [];
  const answer: RequestListener = async (request, response) => {
    const body = await readText(request).catch(() => "broken off");
    const { method = "", url = "", rawHeaders, headers } = request;
    seen.push({ method, url, host: headers.host ?? "", rawHeaders, body });
    listener(request, response);
  };
  const plain = createServer(answer);
  const secure = createTlsServer(TLS, answer);
  await Promise.all([listen(plain), listen(secure)]);
  return {
    http: (name) => `http://${name}:${portOf(plain)}`,
    https: (name) => `https://${name}:${portOf(secure)}`,
    seen,
    async close() {
      for (const server of [plain, secure]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

export interface Tool {
  readonly events: readonly RunEvent[];
  readonly denials: ReturnType<typeof createNetworkBroker>["denials"];
  fetch(url: string, request?: ToolRequest): Promise<ToolAnswer>;
  /** Asks what no guest's library would ask. */
  forge(request: JsonValue): Promise<unknown>;
  close(): Promise<void>;
}

export interface ToolRequest extends Partial<Omit<FetchRequest, "url">> {
  body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  signal?: AbortSignal;
}

export interface ToolAnswer extends FetchAnswer {
  readonly body: Buffer;
  readonly text: string;
}

export interface ToolOptions extends Omit<Partial<NetworkBrokerOptions>, "grants" | "connections"> {
  allow?: readonly string[];
  deny?: readonly string[];
}

/** A tool with those grants, in a run of its own. */
export function createTool({ allow = [], deny = [], ...options }: ToolOptions): Tool {
  const events: RunEvent[] = [];
  const connections = createConnections({ ca: TLS.cert });
  const broker = createNetworkBroker({
    grants: { allow: allow.map(parseNetworkRule), deny: deny.map(parseNetworkRule) },
    connections,
    resolve: async () => [PUBLIC_ADDRESS],
    isPublic: (address) => address === PUBLIC_ADDRESS,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return {
    events,
    denials: broker.denials,
    close: () => connections.close(),
    forge: (request) => broker.fetch({ request, body: chunksOf([]), signal: new AbortController().signal }),
    async fetch(url, { body = "", signal, ...request } = {}) {
      const call = { method: "GET", url, headers: [], redirect: "follow", decompress: true, ...request };
      const { answer, body: chunks } = await broker.fetch({
        request: JSON.parse(JSON.stringify(call)),
        body: typeof body === "string" ? chunksOf([Buffer.from(body)]) : chunksOf(body),
        signal: signal ?? new AbortController().signal,
      });
      const received = chunks === undefined ? Buffer.alloc(0) : await readAll(chunks);
      return { ...(answer as unknown as FetchAnswer), body: received, text: received.toString() };
    },
  };
}

export function secret(name: string, value: string, hosts: readonly string[]): BoundSecret {
  return { name, value, placeholder: `SECRET_${name}_0f1e2d3c4b5a`, hosts: hosts.map(parseNetworkRule) };
}

export async function* chunksOf(
  body: Uint8Array | AsyncIterable<Uint8Array> | readonly Uint8Array[],
): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) yield body;
  else yield* body;
}

async function listen(server: Server): Promise<void> {
  server.listen(0, PUBLIC_ADDRESS);
  await once(server, "listening");
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function readText(request: IncomingMessage): Promise<string> {
  return (await readAll(request)).toString("latin1");
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
