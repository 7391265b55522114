/** A request through the broker, beside a bare fetch() of the same URL on loopback; the two take turns. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { parseNetworkRule } from "@toolpocket/core";
import { createConnections, createNetworkBroker } from "@toolpocket/wasm-invoker/network";
import { compareRow } from "../row.ts";
import { interleave, time } from "../samples.ts";
import type { Section } from "../section.ts";

const BODY = JSON.stringify({ temperature: 21, summary: "clear sky ".repeat(100) });
const PLACEHOLDER = "bench-placeholder-5c1f";
const WARM_UP = 20;

const NAMES = {
  "brokered-request": "a request through the broker",
  "brokered-request-secret": "the same with a secret put in and masked",
} as const;

export const network: Section = {
  id: "network",
  title: "the network broker",
  rows: Object.keys(NAMES),
  async measure({ count }) {
    const server = createServer((_request, response) => {
      response.setHeader("content-type", "application/json").end(BODY);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/weather`;
    const place = parseNetworkRule(new URL(url).host);
    const connections = createConnections();
    const value = "a-key-of-the-usual-length-0123456789";
    const secret = { name: "KEY", placeholder: PLACEHOLDER, value, hosts: [place] };
    const grants = { allow: [place], deny: [] };
    const limits = { maxRequests: Number.POSITIVE_INFINITY };
    const plain = createNetworkBroker({ grants, connections, limits });
    const withSecret = createNetworkBroker({ grants, connections, limits, secrets: [secret] });
    const ask = async ({ fetch }: typeof plain): Promise<void> => {
      const headers = [["Authorization", `Bearer ${PLACEHOLDER}`]];
      const request = { method: "GET", url, headers, redirect: "follow", decompress: true };
      const { body = nothing() } = await fetch({ request, body: nothing(), signal: new AbortController().signal });
      await buffer(body);
    };
    const bare = async (): Promise<void> => {
      await (await fetch(url, { headers: { authorization: "Bearer value" } })).arrayBuffer();
    };
    try {
      const [floor = [], ...brokered] = await interleave(
        [bare, () => ask(plain), () => ask(withSecret)].map((work) => () => time(work)),
        { rounds: count(400, 100), warmUp: WARM_UP },
      );
      return Object.entries(NAMES).map(([id, what], index) =>
        compareRow(
          {
            id,
            what,
            ours: brokered[index] ?? [],
            floorOrPeer: floor,
            unit: "ms",
            beside: "fetch() of the same URL on loopback",
          },
          { atMost: 2 },
        ),
      );
    } finally {
      await connections.close();
      server.closeAllConnections();
      server.close();
    }
  },
};

async function* nothing(): AsyncGenerator<Uint8Array> {}
