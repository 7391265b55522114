import { type Server, createServer } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { createTool, type Internet, openInternet, type Tool, type ToolOptions } from "./test-internet.ts";

const PRIVATE_ADDRESS = "127.0.0.2";
const text = "the quick brown fox ".repeat(500);
const encoded: Record<string, Buffer> = {
  gzip: gzipSync(text),
  deflate: deflateSync(text),
  "deflate-raw": deflateRawSync(text),
  br: brotliCompressSync(text),
  zstd: zstdCompressSync(text),
  "gzip, br": brotliCompressSync(gzipSync(text)),
};

let internet: Internet;
let tools: Tool[] = [];

beforeAll(async () => {
  internet = await openInternet((request, response) => {
    const url = new URL(request.url ?? "", "http://host");
    const redirect = url.searchParams.get("to");
    if (redirect !== null) {
      response.writeHead(Number(url.searchParams.get("status") ?? 302), { location: redirect }).end("moved");
    } else if (url.pathname === "/encoded") {
      const encoding = url.searchParams.get("encoding") ?? "";
      response.setHeader("content-encoding", encoding.replace("-raw", ""));
      response.end(encoded[encoding]);
    } else if (url.pathname === "/bomb") {
      response.setHeader("content-encoding", "gzip, gzip");
      response.end(gzipSync(gzipSync(Buffer.alloc(20_000_000))));
    } else if (url.pathname === "/endless") {
      const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1);
      response.on("close", () => clearInterval(timer));
    } else if (url.pathname === "/drip") {
      response.write("one");
    } else if (url.pathname === "/long") {
      response.setHeader("content-length", 10_000_000).write("x");
    } else if (url.pathname === "/headers") {
      response.setHeader("x-long", "x".repeat(Number(url.searchParams.get("bytes")))).end();
    } else if (url.pathname === "/cookies") {
      response.setHeader("set-cookie", ["a=1", "b=2"]).end(request.headers.cookie ?? "none");
    } else if (url.pathname === "/cut") {
      response.setHeader("content-length", 100).write("half");
      setTimeout(() => response.destroy(), 20);
    } else if (url.pathname !== "/silent") {
      response.setHeader("x-path", url.pathname).end(`hello from ${request.headers.host}`);
    }
  });
});
afterAll(() => internet.close());
beforeEach(() => void (internet.seen as unknown[]).splice(0));
afterEach(async () => {
  await Promise.all(tools.map((one) => one.close()));
  tools = [];
});

/** A tool that is granted a.example and b.example at the ports of this internet. */
function tool(options: ToolOptions = {}): Tool {
  const allow = ["a.example", "b.example"].flatMap((name) => [internet.http(name), internet.https(name)]);
  const made = createTool({ allow, ...options });
  tools.push(made);
  return made;
}

/** The header of the last request that arrived. */
function seenHeader(name: string): string | undefined {
  const { rawHeaders = [] } = internet.seen.at(-1) ?? {};
  return rawHeaders[rawHeaders.findIndex((key, index) => index % 2 === 0 && key.toLowerCase() === name) + 1 || -1];
}

describe("createNetworkBroker()", () => {
  it("fetches over http and https what is granted, with an event for each", async () => {
    const granted = tool();
    const plain = await granted.fetch(`${internet.http("a.example")}/x?secret=1`, { method: "POST", body: "né" });
    expect(plain).toMatchObject({ status: 200, statusText: "OK", redirected: false });
    expect(plain.text).toMatch(/^hello from a\.example:\d+$/u);
    expect(internet.seen[0]).toMatchObject({ method: "POST", url: "/x?secret=1", body: "n\u00c3\u00a9" });
    expect((await granted.fetch(internet.https("b.example"))).status).toBe(200);
    expect(granted.events).toEqual([
      {
        type: "request",
        method: "POST",
        url: `${internet.http("a.example")}/x`,
        status: 200,
        requestBytes: 3,
        responseBytes: plain.body.length,
        durationMs: expect.any(Number),
      },
      expect.objectContaining({ type: "request", url: `${internet.https("b.example")}/`, status: 200 }),
    ]);
    expect(granted.denials).toEqual([]);
  });

  it("refuses what is not granted, sends nothing, and names the grant", async () => {
    const granted = tool();
    const url = internet.http("c.example");
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
    expect(internet.seen).toEqual([]);
  });

  describe("addresses", () => {
    let inside: Server;
    let insidePort: number;
    let reached = 0;

    beforeAll(async () => {
      inside = createServer((_request, response) => {
        reached += 1;
        response.end("inside");
      });
      await new Promise<void>((resolve) => inside.listen(0, PRIVATE_ADDRESS, resolve));
      insidePort = (inside.address() as { port: number }).port;
    });
    afterAll(() => void inside.close());

    it.each([
      ["a name of a private address", () => `http://inside.example:${insidePort}`],
      ["a private address", () => `http://${PRIVATE_ADDRESS}:${insidePort}`],
      ["a decimal address", () => `http://2130706434:${insidePort}`],
      ["an octal address", () => `http://0177.0.0.02:${insidePort}`],
      ["a hexadecimal address", () => `http://0x7f.2:${insidePort}`],
      ["a mapped address", () => `http://[::ffff:127.0.0.2]:${insidePort}`],
      ["the unspecified address", () => `http://0.0.0.0:${insidePort}`],
      ["localhost", () => `http://localhost:${insidePort}`],
      ["localhost with a dot", () => `http://localhost.:${insidePort}`],
    ])("refuses %s under a grant of every host", async (_what, url) => {
      const granted = tool({ allow: ["*", `*:${insidePort}`], resolve: async () => [PRIVATE_ADDRESS] });
      await expect(granted.fetch(url())).rejects.toMatchObject({ code: "denied" });
      expect(granted.denials[0]).toMatchObject({
        kind: "network",
        message: expect.stringContaining("not on the public"),
      });
      expect(reached).toBe(0);
    });

    it("reaches a private address that is granted by name, and names that grant", async () => {
      const url = `http://inside.example:${insidePort}`;
      const resolve = async (): Promise<string[]> => [PRIVATE_ADDRESS];
      const public_ = tool({ allow: [url], resolve });
      await expect(public_.fetch(url)).rejects.toMatchObject({ code: "denied" });
      const grant = public_.denials[0]?.grant ?? "";
      expect(grant).toBe(`GET ${url} private`);
      expect((await tool({ allow: [grant], resolve }).fetch(url)).text).toBe("inside");
    });

    it.each([
      "10.0.0.1",
      "100.64.0.1",
      "169.254.169.254",
      "::ffff:127.0.0.2",
      "64:ff9b::7f00:2",
      "fd00:ec2::254",
      "::1",
    ])("refuses a public name at %s", async (address) => {
      const granted = tool({ resolve: async () => [address] });
      await expect(granted.fetch(internet.http("a.example"))).rejects.toMatchObject({ code: "denied" });
    });

    it("connects to the address that was checked, whatever a second lookup says", async () => {
      let lookups = 0;
      const rebinding = tool({
        allow: [`http://a.example:${insidePort}`, internet.http("a.example")],
        resolve: async () => (++lookups === 1 ? ["127.0.0.1"] : [PRIVATE_ADDRESS]),
      });
      expect((await rebinding.fetch(internet.http("a.example"))).status).toBe(200);
      expect(lookups).toBe(1);
      await expect(rebinding.fetch(internet.http("a.example"))).rejects.toMatchObject({ code: "denied" });
      expect(reached).toBe(1);
    });

    it("leaves a private address out where a name has others too", async () => {
      const mixed = tool({ resolve: async () => [PRIVATE_ADDRESS, "127.0.0.1"] });
      expect((await mixed.fetch(internet.http("a.example"))).status).toBe(200);
    });

    it("refuses an address that is denied, under every name", async () => {
      const denied = tool({ deny: [`127.0.0.1:${new URL(internet.http("a.example")).port}`] });
      await expect(denied.fetch(internet.http("a.example"))).rejects.toMatchObject({ code: "denied" });
      expect(denied.denials[0]).not.toHaveProperty("grant");
    });

    it("says dns where a name has no address", async () => {
      const resolve = (): Promise<never> => Promise.reject(new Error("ENOTFOUND"));
      await expect(tool({ resolve }).fetch(internet.http("a.example"))).rejects.toMatchObject({ code: "dns" });
      const empty = tool({ resolve: async () => [] });
      await expect(empty.fetch(internet.http("a.example"))).rejects.toMatchObject({ code: "dns" });
    });

    it("says unreachable where nobody listens, and tls where the certificate is for another name", async () => {
      const closed = tool({ allow: ["http://a.example:1"] });
      await expect(closed.fetch("http://a.example:1")).rejects.toMatchObject({ code: "unreachable" });
      const other = internet.https("other.test");
      await expect(tool({ allow: [other] }).fetch(other)).rejects.toMatchObject({
        code: "tls",
        message: "the server's certificate is for another name",
      });
    });
  });

  describe("redirects", () => {
    const to = (location: string, status = 302): string =>
      `${internet.http("a.example")}/?status=${status}&to=${encodeURIComponent(location)}`;

    it("follows them, each checked, and gives the last URL", async () => {
      const answer = await tool().fetch(to(`${internet.https("b.example")}/end#part`));
      expect(answer).toMatchObject({ status: 200, url: `${internet.https("b.example")}/end`, redirected: true });
      expect(internet.seen.map(({ host }) => host.split(":")[0])).toEqual(["a.example", "b.example"]);
    });

    it.each([
      ["a host that is not granted", () => internet.http("c.example")],
      ["a private address", () => "http://169.254.169.254/latest/meta-data"],
      ["loopback", () => "http://localhost:22/"],
    ])("refuses one to %s", async (_what, location) => {
      const granted = tool();
      await expect(granted.fetch(to(location()))).rejects.toMatchObject({ code: "denied" });
      expect(granted.denials).toHaveLength(1);
      expect(internet.seen).toHaveLength(1);
    });

    it.each(["file:///etc/passwd", "ftp://a.example/", "http://user:password@b.example/", "http://["])(
      "refuses one to %s",
      async (location) => {
        await expect(tool().fetch(to(location))).rejects.toMatchObject({ code: "protocol" });
      },
    );

    it.each([
      [301, "POST", "GET", ""],
      [302, "POST", "GET", ""],
      [303, "PUT", "GET", ""],
      [303, "HEAD", "HEAD", ""],
      [302, "PUT", "PUT", "data"],
      [307, "POST", "POST", "data"],
      [308, "POST", "POST", "data"],
    ])("makes of %i after %s a %s with body %j", async (status, method, next, body) => {
      const headers = [["Content-Type", "text/plain"]] as const;
      await tool().fetch(to("/end", status), { method, headers, body: method === "HEAD" ? "" : "data" });
      expect(internet.seen.at(-1)).toMatchObject({ method: next, body });
      expect(seenHeader("content-type")).toBe(next === "GET" ? undefined : "text/plain");
    });

    it("drops what speaks to the first origin only", async () => {
      const headers = [
        ["Authorization", "Bearer x"],
        ["Cookie", "a=1"],
        ["X-Other", "kept"],
      ] as const;
      await tool().fetch(to("/same"), { headers });
      expect(seenHeader("authorization")).toBe("Bearer x");
      await tool().fetch(to(internet.https("a.example")), { headers });
      expect([seenHeader("authorization"), seenHeader("cookie"), seenHeader("x-other")]).toEqual([
        undefined,
        undefined,
        "kept",
      ]);
    });

    it("hands the answer itself to whoever follows redirects alone, and fails for whoever wants none", async () => {
      const manual = await tool().fetch(to("/end"), { redirect: "manual" });
      expect(manual).toMatchObject({ status: 302, redirected: false, text: "moved" });
      await expect(tool().fetch(to("/end"), { redirect: "error" })).rejects.toMatchObject({ code: "protocol" });
    });

    it("ends a loop", async () => {
      const looping = tool({ resolve: async () => ["127.0.0.1"], limits: { maxRedirects: 3 } });
      const loop = `${internet.http("a.example")}/?to=`;
      await expect(
        looping.fetch(`${loop}${encodeURIComponent("?to=%3Fto%3D%253Fto%253D%25253Fto%25253D")}`),
      ).rejects.toMatchObject({ code: "protocol", message: "the server redirects more than 3 times" });
    });
  });

  describe("what a guest may send", () => {
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
      const sent = tool().fetch(internet.http("a.example"), {
        method: "POST",
        body: "body",
        headers: headers as never,
      });
      await expect(sent).rejects.toMatchObject({ code: "protocol" });
      expect(internet.seen).toEqual([]);
    });

    it.each(["CONNECT", "trace", "TRACK", "GET /evil HTTP/1.1\r\nHost: x\r\n\r\nGET", "", "G ET"])(
      "refuses the method %j",
      async (method) => {
        await expect(tool({ allow: ["*"] }).fetch(internet.http("a.example"), { method })).rejects.toMatchObject({
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
        ["Host", new URL(internet.http("A.example")).host.toUpperCase()],
        ["Content-Length", "44"],
        ["X-Kept", "  ÿ\t"],
      ] as const;
      const smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a.example\r\n\r\n".slice(0, 44);
      await tool().fetch(internet.http("a.example"), { method: "POST", headers, body: smuggled });
      expect(internet.seen).toHaveLength(1);
      expect(internet.seen[0]?.body).toBe(smuggled);
      const names = (internet.seen[0]?.rawHeaders ?? []).filter((_, index) => index % 2 === 0);
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
      await tool().fetch(internet.http("a.example"), { method: "PUT", body: parts() });
      expect(internet.seen[0]?.body).toBe(part.toString("latin1").repeat(40));
      expect(seenHeader("transfer-encoding")).toBe("chunked");
    });

    it("keeps no cookies", async () => {
      const granted = tool();
      const first = await granted.fetch(`${internet.http("a.example")}/cookies`);
      expect(first.headers.filter(([name]) => name === "set-cookie").map(([, value]) => value)).toEqual(["a=1", "b=2"]);
      expect((await granted.fetch(`${internet.http("a.example")}/cookies`)).text).toBe("none");
    });
  });

  describe("limits", () => {
    const a = (path: string): string => `${internet.http("a.example")}${path}`;

    it("bounds the body that is sent, kept or streamed", async () => {
      const small = tool({ limits: { maxRequestBytes: 10 } });
      await expect(small.fetch(a("/"), { method: "POST", body: "x".repeat(11) })).rejects.toMatchObject({
        code: "too_large",
      });
      expect(internet.seen).toEqual([]);
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
      await expect.poll(() => internet.seen.length).toBe(2);
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

  describe("Content-Encoding", () => {
    it.each(Object.keys(encoded))("undoes %s, and says nothing more of it", async (encoding) => {
      const url = `${internet.http("a.example")}/encoded?encoding=${encodeURIComponent(encoding)}`;
      const answer = await tool().fetch(url);
      expect(answer.text).toBe(text);
      expect(answer.headers.map(([name]) => name.toLowerCase())).not.toContain("content-encoding");
      expect(answer.headers.map(([name]) => name.toLowerCase())).not.toContain("content-length");
    });

    it("leaves it to a guest that undoes it itself", async () => {
      const url = `${internet.http("a.example")}/encoded?encoding=gzip`;
      const answer = await tool().fetch(url, { decompress: false });
      expect(answer.body).toEqual(encoded["gzip"]);
      expect(answer.headers).toContainEqual(["content-encoding", "gzip"]);
      expect(seenHeader("accept-encoding")).toBe("identity");
    });

    it("says protocol where the bytes are not so encoded, and leaves what it does not know", async () => {
      encoded["zstd-raw"] = Buffer.from("no zstd at all");
      const url = `${internet.http("a.example")}/encoded?encoding=`;
      await expect(tool().fetch(`${url}zstd-raw`)).rejects.toMatchObject({ code: "protocol" });
      encoded["lzma"] = Buffer.from("whatever");
      expect((await tool().fetch(`${url}lzma`)).text).toBe("whatever");
      encoded["gzip-raw"] = gzipSync(text).subarray(0, 40);
      await expect(tool().fetch(`${url}gzip-raw`)).rejects.toMatchObject({ code: "protocol" });
    });
  });
});
