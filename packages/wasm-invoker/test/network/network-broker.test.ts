/** What the network broker fetches, and what it refuses: the grants of a tool. */
import { describe, expect, it } from "vitest";
import { useBroker } from "./broker-tests.ts";

const broker = useBroker();
const { tool } = broker;

describe("createNetworkBroker()", () => {
  it("fetches over http and https what is granted, with an event for each", async () => {
    const granted = tool();
    const plain = await granted.fetch(`${broker.internet.http("a.example")}/x?secret=1`, {
      method: "POST",
      body: "né",
    });
    expect(plain).toMatchObject({ status: 200, statusText: "OK", redirected: false });
    expect(plain.text).toMatch(/^hello from a\.example:\d+$/u);
    expect(broker.internet.seen[0]).toMatchObject({ method: "POST", url: "/x?secret=1", body: "n\u00c3\u00a9" });
    expect((await granted.fetch(broker.internet.https("b.example"))).status).toBe(200);
    expect(granted.events).toEqual([
      {
        type: "request",
        method: "POST",
        url: `${broker.internet.http("a.example")}/x`,
        status: 200,
        requestBytes: 3,
        responseBytes: plain.body.length,
        durationMs: expect.any(Number),
      },
      expect.objectContaining({ type: "request", url: `${broker.internet.https("b.example")}/`, status: 200 }),
    ]);
    expect(granted.denials).toEqual([]);
  });

  it("refuses what is not granted, sends nothing, and names the grant", async () => {
    const granted = tool();
    const url = broker.internet.http("c.example");
    await expect(granted.fetch(`${url}/path?query`)).rejects.toMatchObject({
      code: "denied",
      message: `GET ${url} is not granted to this tool`,
    });
    await expect(granted.fetch(`${url}/path?again`)).rejects.toMatchObject({ code: "denied" });
    expect(granted.denials).toEqual([
      {
        kind: "network",
        subject: `GET ${url}/path`,
        message: `GET ${url} is not granted to this tool`,
        grant: `GET ${url}`,
      },
    ]);
    expect(granted.events).toEqual([{ type: "denial", ...granted.denials[0] }]);
    expect(broker.internet.seen).toEqual([]);
  });
});
