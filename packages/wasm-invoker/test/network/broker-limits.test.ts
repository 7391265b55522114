/** Bounds of what goes through the network broker: sizes, times, numbers. */
import { describe, expect, it } from "vitest";
import { useBroker } from "./broker-tests.ts";

const broker = useBroker();
const { tool } = broker;

describe("createNetworkBroker(): limits", () => {
  const a = (path: string): string => `${broker.internet.http("a.example")}${path}`;

  it("bounds the body that is sent, kept or streamed", async () => {
    const small = tool({ limits: { maxRequestBytes: 10 } });
    await expect(small.fetch(a("/"), { method: "POST", body: "x".repeat(11) })).rejects.toMatchObject({
      code: "too_large",
    });
    expect(broker.internet.seen).toEqual([]);
    const streamed = tool({ limits: { maxRequestBytes: 2_000_000 } });
    const body = Buffer.alloc(1_500_000);
    async function* twice(): AsyncGenerator<Uint8Array> {
      yield body;
      yield body;
    }
    await expect(streamed.fetch(a("/"), { method: "POST", body: twice() })).rejects.toMatchObject({
      code: "too_large",
    });
    await expect(
      streamed.fetch(a("/"), { method: "POST", headers: [["Content-Length", "2000001"]], body: twice() }),
    ).rejects.toMatchObject({ code: "too_large" });
  });

  it("bounds the body that comes, said or not, and as it decodes", async () => {
    const limits = { maxResponseBytes: 1_000_000 };
    for (const path of ["/long", "/endless", "/bomb"]) {
      const granted = tool({ limits });
      await expect(granted.fetch(a(path))).rejects.toMatchObject({ code: "too_large" });
      await expect
        .poll(() => granted.events)
        .toMatchObject([{ failure: "the answer's body is larger than 1000000 bytes" }]);
    }
  });

  it("bounds headers both ways", async () => {
    const granted = tool({ limits: { maxHeaderBytes: 4_096 } });
    expect((await granted.fetch(a("/headers?bytes=2000"))).status).toBe(200);
    await expect(granted.fetch(a("/headers?bytes=5000"))).rejects.toMatchObject({ code: "too_large" });
    const headers = [["X-Long", "x".repeat(5_000)]] as const;
    await expect(granted.fetch(a("/"), { headers })).rejects.toMatchObject({ code: "too_large" });
  });

  it.each(["/silent", "/drip"])("ends %s in time", async (path) => {
    const granted = tool({ limits: { requestTimeoutMs: 100 } });
    await expect(granted.fetch(a(path))).rejects.toMatchObject({
      code: "timeout",
      message: "there was no whole answer within 100 ms",
    });
    await expect.poll(() => granted.events.length).toBe(1);
  });

  it("ends a lookup and a body that never come in time", async () => {
    const limits = { requestTimeoutMs: 50 };
    const lost = tool({ limits, resolve: () => new Promise(() => undefined) });
    await expect(lost.fetch(a("/"))).rejects.toMatchObject({ code: "timeout" });
    // oxlint-disable-next-line require-yield -- a guest that announces a body and sends none
    async function* never(): AsyncGenerator<Uint8Array> {
      await new Promise(() => undefined);
    }
    await expect(tool({ limits }).fetch(a("/"), { method: "POST", body: never() })).rejects.toMatchObject({
      code: "timeout",
    });
  });

  it("bounds the requests of a run, redirects too", async () => {
    const granted = tool({ limits: { maxRequests: 2 } });
    await granted.fetch(a("/?to=/end"));
    await expect(granted.fetch(a("/"))).rejects.toMatchObject({
      code: "too_many",
      message: "the run has made its 2 requests",
    });
  });

  it("lets so many requests run at once, the others after them", async () => {
    const granted = tool({ limits: { maxConcurrentRequests: 1, requestTimeoutMs: 2_000 } });
    const answers = await Promise.all([1, 2, 3].map(() => granted.fetch(a("/"))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it("stops when the guest gives up, or the run ends", async () => {
    const guest = new AbortController();
    const run = new AbortController();
    const granted = tool({ signal: run.signal });
    const given = granted.fetch(a("/drip"), { signal: guest.signal });
    const ended = granted.fetch(a("/silent"));
    await expect.poll(() => broker.internet.seen.length).toBe(2);
    guest.abort();
    await expect(given).rejects.toMatchObject({ code: "cancelled" });
    run.abort();
    await expect(ended).rejects.toMatchObject({ code: "cancelled" });
    await expect(granted.fetch(a("/"))).rejects.toMatchObject({ code: "cancelled" });
  });

  it("tells of an answer that breaks off", async () => {
    await expect(tool().fetch(a("/cut"))).rejects.toMatchObject({ code: "unreachable" });
  });
});
