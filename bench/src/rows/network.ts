/** A request through the broker, beside a bare fetch() of the same URL on loopback; the two take turns. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { parseNetworkRule } from "@toolpocket/core";
import { createConnections, createNetworkBroker } from "@toolpocket/wasm-invoker/network";
import { compareRow, median, type Row, time } from "../row.ts";

const BODY = JSON.stringify({ temperature: 21, summary: "clear sky ".repeat(100) });
const PLACEHOLDER = "bench-placeholder-5c1f";
const WARM_UP = 20;

export async function measureNetwork(rounds: number): Promise<Row[]> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json").end(BODY);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/weather`;
  const place = parseNetworkRule(new URL(url).host);
  const connections = createConnections();
  const secret = {
    name: "KEY",
    placeholder: PLACEHOLDER,
    value: "a-key-of-the-usual-length-0123456789",
    hosts: [place],
  };
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
  const works = [bare, () => ask(plain), () => ask(withSecret)];
  const taken = works.map((): number[] => []);
  try {
    for (let round = -WARM_UP; round < rounds * 10; round += 1) {
      for (const [index, work] of works.entries()) {
        const spent = await time(work);
        if (round >= 0) taken[index]?.push(spent);
      }
    }
  } finally {
    await connections.close();
    server.closeAllConnections();
    server.close();
  }
  const [floor = Number.NaN, ...brokered] = taken.map(median);
  const names = ["a request through the broker, p50", "the same with a secret put in and masked, p50"];
  return names.map((what, index) =>
    compareRow(
      {
        id: index === 0 ? "brokered-request" : "brokered-request-secret",
        what,
        value: brokered[index] ?? Number.NaN,
        floorOrPeer: floor,
        unit: "ms",
        beside: "fetch() of the same URL on loopback",
      },
      { atMost: 2 },
    ),
  );
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
