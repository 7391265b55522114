/** The sandboxes' server over real sockets: it listens on loopback, and refuses whatever is not a page's own request. */
import { request, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type SandboxServer, startSandboxServer } from "../../src/server/sandbox-server.ts";
import { createSite, type Site } from "../../src/server/site.ts";

const FILES = {
  pageScript: Buffer.from("page"),
  workerScripts: {
    python: Buffer.from("python"),
    node: Buffer.from("node"),
    wasm: Buffer.from("wasm worker"),
    component: Buffer.from("component worker"),
  },
  pyodideModule: Buffer.from("module"),
  standardLibrary: Buffer.from("library"),
};

let server: SandboxServer;
let site: Site;
let other: Site;
let host: string;

beforeAll(async () => {
  server = await startSandboxServer();
  const options = { runtime: "python" as const, files: FILES, maxMemoryBytes: 1, onChannel: () => undefined };
  [site, other] = [createSite(options), createSite(options)];
  server.addSite(other);
  host = new URL(server.addSite(site).origin).host;
});
afterAll(() => server.close());

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A request with exactly this path and these headers: no client that would mend them. */
function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port: server.port, method, path, headers: { host, ...headers }, setHost: false })
      .on("response", (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (text: string) => (body += text));
        response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body }));
      })
      .on("error", reject)
      .end();
  });
}

/** What the server answers to these bytes, until it closes the connection. */
function talk(text: string, address = "127.0.0.1"): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(server.port, address, () => socket.write(text));
    socket
      .setEncoding("latin1")
      .on("data", (data: string) => (answer += data))
      .on("close", () => resolve(answer))
      .on("error", reject);
  });
}

describe("startSandboxServer()", () => {
  it("startSandboxServer() serves a site's files with their policies when name and token are right", async () => {
    const page = await ask(site.pagePath);
    expect(page).toMatchObject({ status: 200, headers: { "content-type": "text/html; charset=utf-8" } });
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(await ask(`/${site.token}/worker.js`)).toMatchObject({ status: 200, body: "python" });
  });

  it("startSandboxServer() lets no other page read, frame or guess when it serves a file", async () => {
    const { headers } = await ask(`/${site.token}/page.js`);
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });

  it.each<[string, () => [path: string, headers?: Record<string, string>, method?: string]]>([
    ["the token is missing", () => ["/"]],
    ["the token is wrong", () => [`/${"A".repeat(43)}/`]],
    ["the token is another site's", () => [`/${other.token}/`]],
    ["the token lacks its end", () => [`/${site.token.slice(0, -1)}/`]],
    ["the token has more behind it", () => [`/${site.token}x/`]],
    ["the token comes later in the path", () => [`/x/${site.token}/`]],
    ["the path is empty after the token", () => [`/${site.token}`]],
    ["there is no such file", () => [`/${site.token}/config.json`]],
    ["the path climbs", () => [`/${site.token}/../${site.token}/page.js/../../../etc/passwd`]],
    ["the path climbs in disguise", () => [`/${site.token}/%2e%2e/%2e%2e/etc/passwd`]],
    ["the path has double slashes", () => [`//${site.token}/page.js`]],
    ["the path has backslashes", () => [`/${site.token}\\page.js`]],
    ["the file is named with a query's name", () => [`/${site.token}/__proto__`]],
    ["the host is an address", () => [site.pagePath, { host: `127.0.0.1:${server.port}` }]],
    ["the host is another name of this machine", () => [site.pagePath, { host: `localhost:${server.port}` }]],
    ["the host has no port", () => [site.pagePath, { host: host.split(":")[0] ?? "" }]],
    ["the host is a stranger's (DNS rebinding)", () => [site.pagePath, { host: `evil.example:${server.port}` }]],
    ["the host is another site's", () => [site.pagePath, { host: `${other.label}.localhost:${server.port}` }]],
    ["the origin is a stranger's", () => [`/${site.token}/page.js`, { origin: "http://evil.example" }]],
    [
      "the origin is another site's",
      () => [`/${site.token}/page.js`, { origin: `http://${other.label}.localhost:${server.port}` }],
    ],
    ["the origin is opaque", () => [`/${site.token}/page.js`, { origin: "null" }]],
    ["the method is POST", () => [site.pagePath, {}, "POST"]],
    ["the method is OPTIONS", () => [site.pagePath, { origin: "http://evil.example" }, "OPTIONS"]],
    ["the channel is asked for without an upgrade", () => [`/${site.token}/channel`]],
    ["the URL is absolute, to a stranger", () => ["http://evil.example/", { host: "evil.example" }]],
    ["the URL is absolute, to another port of this machine", () => ["http://127.0.0.1:22/", { host: "127.0.0.1:22" }]],
    ["the URL is absolute, with a sandbox's host beside it", () => [`http://evil.example/${site.token}/page.js`, {}]],
  ])("startSandboxServer() refuses a request when %s", async (_why, build) => {
    const answer = await ask(...build());
    expect([400, 403]).toContain(answer.status);
    expect(["refused", ""]).toContain(answer.body);
  });

  it.each([
    ["CONNECT to a stranger", () => `CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n`],
    ["CONNECT to this machine", () => `CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n`],
    ["CONNECT to the sandbox itself", () => `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`],
  ])("startSandboxServer() refuses %s when it is used as a proxy", async (_what, build) => {
    expect(await talk(build())).toMatch(/^HTTP\/1\.1 403 /u);
  });

  it.each([
    ["no protocol at all", () => "\x16\x03\x01 hello\r\n\r\n"],
    [
      "two hosts",
      () => `GET ${site.pagePath} HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
    ],
    ["no host", () => `GET ${site.pagePath} HTTP/1.1\r\nConnection: close\r\n\r\n`],
    ["HTTP 1.0 without a host", () => `GET ${site.pagePath} HTTP/1.0\r\n\r\n`],
  ])("startSandboxServer() gives nothing away when a client speaks %s", async (_what, build) => {
    expect(await talk(build())).toMatch(/^HTTP\/1\.1 4\d\d /u);
  });

  it("startSandboxServer() is not reached on this machine's other addresses when it has some", async () => {
    const addresses = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ family, internal }) => family === "IPv4" && !internal);
    for (const { address } of addresses) {
      await expect(talk("GET / HTTP/1.1\r\n\r\n", address)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    }
  });
});

describe("the channel", () => {
  /** Resolves with the status of the refusal, or "open". */
  function upgrade(path: string, headers: Record<string, string>): Promise<number | "open"> {
    return new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
      socket.on("open", () => (resolve("open"), socket.close()));
      socket.on("unexpected-response", (request_, response) => (resolve(response.statusCode ?? 0), request_.destroy()));
      socket.on("error", () => undefined);
    });
  }

  it("addSite() opens the channel to the site's own page, once, when all is right", async () => {
    const paths = { channel: `/${site.token}/channel`, origin: `http://${host}` };
    const strangers: [path: string, headers: Record<string, string>][] = [
      [paths.channel, { host }],
      [paths.channel, { host, origin: "http://evil.example" }],
      [paths.channel, { host, origin: "null" }],
      [paths.channel, { host, origin: `http://${other.label}.localhost:${server.port}` }],
      [paths.channel, { host: `127.0.0.1:${server.port}`, origin: `http://127.0.0.1:${server.port}` }],
      [paths.channel, { host: "evil.example", origin: "http://evil.example" }],
      [`/${other.token}/channel`, { host, origin: paths.origin }],
      ["/channel", { host, origin: paths.origin }],
      [`/${site.token}/page.js`, { host, origin: paths.origin }],
    ];
    for (const [path, headers] of strangers)
      expect([path, headers, await upgrade(path, headers)]).toEqual([path, headers, 403]);
    expect(await upgrade(paths.channel, { host, origin: paths.origin })).toBe("open");
    expect(await upgrade(paths.channel, { host, origin: paths.origin })).toBe(403);
  });

  it("remove() takes the site down when its sandbox is gone", async () => {
    const passing = createSite({ runtime: "node", files: FILES, maxMemoryBytes: 1, onChannel: () => undefined });
    const { origin, remove } = server.addSite(passing);
    const headers = { host: new URL(origin).host };
    expect((await ask(passing.pagePath, headers)).status).toBe(200);
    remove();
    expect((await ask(passing.pagePath, headers)).status).toBe(403);
  });

  it("close() ends every connection, and frees the port, when it is called", async () => {
    const passing = await startSandboxServer();
    const channel = Promise.withResolvers<WebSocket>();
    const page = createSite({ runtime: "node", files: FILES, maxMemoryBytes: 1, onChannel: channel.resolve });
    const { origin } = passing.addSite(page);
    const socket = new WebSocket(`ws://127.0.0.1:${passing.port}/${page.token}/channel`, {
      headers: { host: new URL(origin).host, origin },
    });
    await channel.promise;
    const closed = new Promise((resolve) => socket.on("close", resolve).on("error", () => undefined));
    await passing.close();
    await closed;
    const refused = new Promise((resolve) => connect(passing.port, "127.0.0.1").on("error", resolve));
    expect(await refused).toMatchObject({ code: "ECONNREFUSED" });
  });
});
