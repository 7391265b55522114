/** What a guest may ask of the network broker, and forged requests. */
import { describe, expect, it } from "vitest";
import { useBroker } from "./broker-tests.ts";

const broker = useBroker();
const { tool, seenHeader } = broker;

describe("createNetworkBroker(): what a guest may send", () => {
  it.each([
    ["a header in a header's value", [["X-A", "b\r\nX-Evil: 1"]]],
    ["a line feed", [["X-A", "b\nc"]]],
    ["a zero", [["X-A", "b\0c"]]],
    ["what is no byte", [["X-A", "ж"]]],
    ["a header in a header's name", [["X-A: b\r\nX-Evil", "1"]]],
    ["a space before the colon", [["Transfer-Encoding ", "chunked"]]],
    ["a nameless header", [["", "1"]]],
    [
      "two lengths",
      [
        ["Content-Length", "1"],
        ["content-length", "2"],
      ],
    ],
    ["a signed length", [["Content-Length", "+1"]]],
    ["a length that is not the body's", [["Content-Length", "5"]]],
    ["another host", [["Host", "b.example"]]],
    ["no pair", [["X-A"]]],
  ])("refuses %s", async (_what, headers) => {
    const sent = tool().fetch(broker.internet.http("a.example"), {
      method: "POST",
      body: "body",
      headers: headers as never,
    });
    await expect(sent).rejects.toMatchObject({ code: "protocol" });
    expect(broker.internet.seen).toEqual([]);
  });

  it.each(["CONNECT", "trace", "TRACK", "GET /evil HTTP/1.1\r\nHost: x\r\n\r\nGET", "", "G ET"])(
    "refuses the method %j",
    async (method) => {
      await expect(tool({ allow: ["*"] }).fetch(broker.internet.http("a.example"), { method })).rejects.toMatchObject({
        code: "protocol",
      });
    },
  );

  it.each([
    "",
    "a.example",
    "//a.example",
    "file:///etc/passwd",
    "http://u:p@a.example/",
    "http://a.example:65536/",
    "data:,x",
  ])("refuses the URL %j", async (url) => {
    await expect(tool({ allow: ["*"] }).fetch(url)).rejects.toMatchObject({ code: "protocol" });
  });

  it.each(["http://a.example:0/", "http://аexample/", "http://a.example.evil/"])("denies %j", async (url) => {
    await expect(tool().fetch(url)).rejects.toMatchObject({ code: "denied" });
  });

  it.each([
    null,
    [],
    "x",
    1,
    {},
    { method: "GET", url: "http://a.example", headers: {}, redirect: "x", decompress: 1 },
  ])("refuses the forged request %j", async (request) => {
    await expect(tool().forge(request)).rejects.toMatchObject({ code: "protocol" });
  });

  it("takes time in proportion to what a hostile header holds", async () => {
    const started = performance.now();
    const headers = [["X-A", `a${" ".repeat(250_000)}\n`]];
    await expect(tool().forge({ method: "GET", url: "http://a.example/", headers })).rejects.toMatchObject({
      code: "protocol",
    });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it("drops what belongs to the connection, and frames the body itself", async () => {
    const headers = [
      ["Connection", "X-Hop, keep-alive"],
      ["X-Hop", "1"],
      ["Transfer-Encoding", "chunked"],
      ["TE", "trailers"],
      ["Upgrade", "websocket"],
      ["Expect", "100-continue"],
      ["Proxy-Authorization", "Basic x"],
      ["Trailer", "X"],
      ["Host", new URL(broker.internet.http("A.example")).host.toUpperCase()],
      ["Content-Length", "44"],
      ["X-Kept", "  ÿ\t"],
    ] as const;
    const smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a.example\r\n\r\n".slice(0, 44);
    await tool().fetch(broker.internet.http("a.example"), { method: "POST", headers, body: smuggled });
    expect(broker.internet.seen).toHaveLength(1);
    expect(broker.internet.seen[0]?.body).toBe(smuggled);
    const names = (broker.internet.seen[0]?.rawHeaders ?? []).filter((_, index) => index % 2 === 0);
    expect(names.map((name) => name.toLowerCase()).toSorted()).toEqual([
      "accept-encoding",
      "connection",
      "content-length",
      "host",
      "user-agent",
      "x-kept",
    ]);
    expect(seenHeader("x-kept")).toBe("ÿ");
    expect(seenHeader("connection")).toBe("keep-alive");
  });

  it("streams a large body, and binary ones unchanged", async () => {
    const part = Buffer.from(Array.from({ length: 65_536 }, (_, index) => index % 256));
    async function* parts(): AsyncGenerator<Uint8Array> {
      for (let count = 0; count < 40; count += 1) yield part;
    }
    await tool().fetch(broker.internet.http("a.example"), { method: "PUT", body: parts() });
    expect(broker.internet.seen[0]?.body).toBe(part.toString("latin1").repeat(40));
    expect(seenHeader("transfer-encoding")).toBe("chunked");
  });

  it("keeps no cookies", async () => {
    const granted = tool();
    const first = await granted.fetch(`${broker.internet.http("a.example")}/cookies`);
    expect(first.headers.filter(([name]) => name === "set-cookie").map(([, value]) => value)).toEqual(["a=1", "b=2"]);
    expect((await granted.fetch(`${broker.internet.http("a.example")}/cookies`)).text).toBe("none");
  });
});
