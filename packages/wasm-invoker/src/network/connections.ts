/** Keeps connections open for one tool: each goes to an address that was checked, under the name that was asked for. */
import { createRequire } from "node:module";
import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import type * as Undici from "undici";
import type { Pool } from "undici";

const require = createRequire(import.meta.url);

/** How long a connection may take to stand, TLS included. */
const CONNECT_TIMEOUT_MS = 10_000;
/** How long a connection that nobody uses is kept. */
const KEEP_ALIVE_MS = 4_000;
/** Places to which connections are kept at once; the one that was used longest ago goes first. */
const MAX_PLACES = 64;

export interface Connections {
  /** For requests to `origin`, over connections to one of `addresses` and to no other. */
  to(origin: URL, addresses: readonly string[], maxHeaderBytes: number): Pool;
  /** Breaks every connection. Idempotent. */
  close(): Promise<void>;
}

export interface ConnectionsOptions {
  /** Certificates to trust instead of node's own, in PEM. */
  readonly ca?: string;
}

/**
 * Connections for the runs of one tool. They carry nothing from one run to the next: no cookies, no authentication (a
 * secret is a header of one request), and every request has had its own addresses checked, which are part of the key.
 * Tools never share them, so a tool that upsets a server's framing upsets its own answers only. Proxies that the
 * environment names are not used: a proxy would look names up by itself.
 */
export function createConnections({ ca }: ConnectionsOptions = {}): Connections {
  const pools = new Map<string, Pool>();
  return {
    to({ protocol, host }, addresses, maxHeaderBytes) {
      const key = [protocol, host, maxHeaderBytes, ...addresses].join(" ");
      const pool = pools.get(key) ?? createPool(`${protocol}//${host}`, { addresses, maxHeaderBytes, ca });
      pools.delete(key);
      pools.set(key, pool);
      for (const [oldest, unused] of pools) {
        if (pools.size <= MAX_PLACES) break;
        pools.delete(oldest);
        // Requests that are under way are finished first.
        void unused.close();
      }
      return pool;
    },
    async close() {
      const open = [...pools.values()];
      pools.clear();
      await Promise.all(open.map((pool) => pool.destroy()));
    },
  };
}

interface PoolTarget {
  addresses: readonly string[];
  maxHeaderBytes: number;
  ca: string | undefined;
}

function createPool(origin: string, { addresses, maxHeaderBytes, ca }: PoolTarget): Pool {
  // Loaded here, because it takes as long as the browser does, and most tools ask nothing of the network.
  const { buildConnector, Pool: UndiciPool } = require("undici") as typeof Undici;
  const connector = buildConnector({
    // The socket asks for the name and is told what was checked: there is no second lookup that could answer otherwise.
    lookup: toLookup(addresses),
    autoSelectFamily: true,
    timeout: CONNECT_TIMEOUT_MS,
    allowH2: false,
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca }),
  });
  return new UndiciPool(origin, {
    connect: (options, callback) =>
      connector(options, (error, socket) => {
        if (error !== null) return callback(error, null);
        if (socket.remoteAddress !== undefined && addresses.includes(socket.remoteAddress))
          return callback(null, socket);
        socket.destroy();
        callback(new Error("the connection went to an address that was not checked"), null);
      }),
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: maxHeaderBytes,
    // The broker's own clock bounds the whole request.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

function toLookup(addresses: readonly string[]): LookupFunction {
  const entries = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, options, callback) => {
    const [first] = entries;
    if (options.all === true) callback(null, entries);
    else if (first !== undefined) callback(null, first.address, first.family);
  };
}
