/**
 * The browser confines even a page that has no policy and no lockdown at all: whatever it asks for, by whatever means,
 * ends at the Pocket's own server and is refused.
 */
import { createSocket, type Socket } from "node:dgram";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { type Browser, launchBrowser } from "../../src/browser/launch-browser.ts";
import { type SandboxServer, startSandboxServer } from "../../src/server/sandbox-server.ts";
import type { Site, SiteFile } from "../../src/server/site.ts";

let server: SandboxServer;
let browser: Browser;
let tcp: Server;
let udp: Socket;
let port = 0;
let reached: string[] = [];

beforeAll(async () => {
  tcp = createServer((socket) => {
    socket.once("data", (data) => reached.push(`tcp ${data.toString("latin1").split("\r\n")[0]}`));
    socket
      .on("error", () => undefined)
      .end("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n");
  });
  await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
  port = (tcp.address() as AddressInfo).port;
  udp = createSocket("udp4", () => reached.push("udp"));
  await new Promise<void>((resolve) => udp.bind(port, "127.0.0.1", resolve));
  server = await startSandboxServer();
  browser = await launchBrowser({ serverPort: server.port });
});
afterAll(async () => {
  await browser.close();
  await server.close();
  tcp.close();
  udp.close();
});

/** Runs `script` in a page without any policy, and gives what it sends. `HOSTS` and `PORT` stand before it. */
async function runInPage(script: string): Promise<string> {
  const channel = Promise.withResolvers<WebSocket>();
  const file = (type: string, body: string): SiteFile => ({ type, body });
  let claimed = false;
  const site: Site = {
    label: `raw${Math.random().toString(36).slice(2)}`,
    token: "token",
    pagePath: "/token/",
    channelPath: "/channel",
    addGlue: () => undefined,
    files: new Map([
      ["/", file("text/html", '<!doctype html><body><script type="module" src="/token/page.js"></script>')],
      [
        "/page.js",
        file(
          "text/javascript",
          `${PREAMBLE.replace("PORT_NUMBER", String(port))}\nsend(await (async () => {${script}})().catch(String));`,
        ),
      ],
    ]),
    claimChannel: () => !claimed && (claimed = true),
    onChannel: channel.resolve,
  };
  const { origin, remove } = server.addSite(site);
  const answer = Promise.withResolvers<string>();
  const page = await browser.openPage(origin + site.pagePath, async () => {
    (await channel.promise).on("message", (data: Buffer) => answer.resolve(data.toString()));
  });
  try {
    return await answer.promise;
  } finally {
    await page.close();
    remove();
  }
}

const PREAMBLE = `
const PORT = PORT_NUMBER;
const HOSTS = ["127.0.0.1", "localhost", "other.localhost", "127.0.0.2", "[::1]", "0.0.0.0", "2130706433"];
const URLS = HOSTS.flatMap((host) => ["http", "https"].map((scheme) => scheme + "://" + host + ":" + PORT + "/x")).concat("http://example.com/", "https://example.com/");
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const add = (name, fields) => document.body.append(Object.assign(document.createElement(name), fields));
const socket = new WebSocket(location.href.replace("http", "ws") + "channel");
await new Promise((resolve) => (socket.onopen = resolve));
const send = (text) => socket.send(String(text));
`;

const MEANS: [name: string, script: string][] = [
  [
    "fetch",
    "const got = await Promise.allSettled(URLS.flatMap((url) => [fetch(url), fetch(url, { mode: 'no-cors', method: 'POST', body: 'x', keepalive: true })])); return got.filter(({ status, value }) => status === 'fulfilled' && value.ok).length",
  ],
  [
    "XMLHttpRequest",
    "for (const url of URLS) { const r = new XMLHttpRequest(); r.open('GET', url); r.send(); } await sleep(500); return 0",
  ],
  [
    "WebSocket",
    "let open = 0; for (const url of URLS) { const s = new WebSocket(url.replace('http', 'ws')); s.onopen = () => (open += 1); } await sleep(1000); return open",
  ],
  [
    "EventSource",
    "let open = 0; for (const url of URLS) new EventSource(url).onopen = () => (open += 1); await sleep(500); return open",
  ],
  ["sendBeacon", "for (const url of URLS) navigator.sendBeacon(url, 'x'); await sleep(500); return 0"],
  [
    "WebTransport",
    "const all = HOSTS.map((host) => { try { return new WebTransport('https://' + host + ':' + PORT + '/').ready.then(() => 1, () => 0) } catch { return 0 } }); const got = await Promise.race([Promise.all(all), sleep(2000)]); return (got ?? []).filter(Boolean).length",
  ],
  [
    "WebRTC",
    "const pc = new RTCPeerConnection({ iceServers: HOSTS.slice(0, 4).flatMap((host) => ['stun:' + host + ':' + PORT, 'turn:' + host + ':' + PORT + '?transport=tcp', 'turn:' + host + ':' + PORT + '?transport=udp']).map((urls) => ({ urls, username: 'u', credential: 'c' })) }); pc.createDataChannel('x'); const found = []; pc.onicecandidate = ({ candidate }) => candidate && found.push(candidate.candidate); await pc.setLocalDescription(await pc.createOffer()); await sleep(2500); return 0",
  ],
  [
    "WebRTC to a peer",
    "const pc = new RTCPeerConnection(); pc.createDataChannel('x'); const other = new RTCPeerConnection(); await pc.setLocalDescription(await pc.createOffer()); await other.setRemoteDescription(pc.localDescription); await other.setLocalDescription(await other.createAnswer()); await pc.setRemoteDescription(other.localDescription); for (const protocol of ['udp', 'tcp']) await pc.addIceCandidate({ candidate: 'candidate:1 1 ' + protocol + ' 2122260223 127.0.0.1 ' + PORT + ' typ host' + (protocol === 'tcp' ? ' tcptype passive' : ''), sdpMid: '0' }).catch(() => 0); await sleep(2500); return 0",
  ],
  [
    "elements",
    "for (const url of URLS) { for (const name of ['img', 'script', 'iframe', 'video', 'audio', 'embed']) add(name, { src: url }); add('object', { data: url }); for (const rel of ['stylesheet', 'prefetch', 'preconnect', 'dns-prefetch', 'preload', 'modulepreload', 'prerender', 'icon', 'manifest']) add('link', { rel, href: url, as: 'script' }); add('style', { textContent: '@import \"' + url + '\"; @font-face { font-family: x; src: url(' + url + ') } body { font-family: x; background: url(' + url + ') }' }); } await sleep(1500); return 0",
  ],
  [
    "forms, windows and pings",
    "for (const url of URLS) { add('iframe', { name: 'f' }); const form = Object.assign(document.createElement('form'), { action: url, method: 'post', target: 'f' }); document.body.append(form); form.submit(); window.open(url); const a = Object.assign(document.createElement('a'), { href: '#x', ping: url }); document.body.append(a); a.click(); } await sleep(1500); return 0",
  ],
  [
    "modules, workers and workers' scripts",
    "const all = []; for (const url of URLS) { all.push(import(url)); for (const W of [Worker, SharedWorker]) try { new W(url) } catch {} const blob = URL.createObjectURL(new Blob(['try { importScripts(' + JSON.stringify(url) + ') } catch {} fetch(' + JSON.stringify(url) + ', { mode: \"no-cors\" }); new WebSocket(' + JSON.stringify(url.replace('http', 'ws')) + ')'])); new Worker(blob); all.push(navigator.serviceWorker?.register(url)); } const got = await Promise.allSettled(all); await sleep(1000); return got.filter(({ status, value }) => status === 'fulfilled' && value).length",
  ],
  [
    "speculation rules and reports",
    "add('script', { type: 'speculationrules', textContent: JSON.stringify({ prefetch: [{ source: 'list', urls: URLS }], prerender: [{ source: 'list', urls: URLS }] }) }); await sleep(1000); return 0",
  ],
  [
    "direct sockets",
    "const all = []; for (const name of ['TCPSocket', 'UDPSocket', 'TCPServerSocket']) if (name in window) all.push(name); return all.length",
  ],
  [
    "the server's other pages",
    "const here = location.origin; const got = await Promise.allSettled(['/', '/x/', '/token/../', '/json/version', '/token/%2e%2e/etc/passwd'].map((path) => fetch(here + path))); return got.filter(({ value }) => value?.ok).length",
  ],
  [
    "the debugger",
    "const got = await Promise.allSettled([9222, 9229].flatMap((p) => HOSTS.map((host) => fetch('http://' + host + ':' + p + '/json', { mode: 'no-cors' })))); return got.filter(({ value }) => value?.ok).length",
  ],
  [
    "files of the machine",
    "const got = await Promise.allSettled(['file:///etc/passwd', 'chrome://version', 'view-source:file:///etc/passwd', 'filesystem:x'].map((url) => fetch(url))); for (const src of ['file:///etc/passwd', 'chrome://settings']) add('iframe', { src }); await sleep(300); return got.filter(({ value }) => value?.ok).length",
  ],
  ["navigation", "send('0'); location.href = 'http://127.0.0.1:' + PORT + '/'; await sleep(500); return 0"],
];

describe("launchBrowser()", () => {
  it.each(MEANS)(
    "launchBrowser() lets a page reach nothing but the server when it tries %s",
    async (_means, script) => {
      reached = [];
      expect(await runInPage(script)).toBe("0");
      expect(reached).toEqual([]);
    },
  );

  it("launchBrowser() keeps the storage of pages apart, and leaves none, when two come one after the other", async () => {
    const leave =
      "localStorage.setItem('left', '1'); document.cookie = 'left=1; domain=localhost'; document.cookie = 'left2=1'; await caches.open('left'); await new Promise((r) => (indexedDB.open('left').onsuccess = r)); const root = await navigator.storage.getDirectory(); await root.getFileHandle('left', { create: true }); return 'left'";
    const look =
      "const names = []; for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name); return JSON.stringify([localStorage.length, document.cookie, (await caches.keys()).length, (await indexedDB.databases()).length, names])";
    expect(await runInPage(leave)).toBe("left");
    expect(await runInPage(look)).toBe('[0,"",0,0,[]]');
  });

  it("launchBrowser() lets no page hear another when both are open", async () => {
    const talk =
      "const got = []; const c = new BroadcastChannel('x'); c.onmessage = ({ data }) => got.push(data); for (let i = 0; i < 20; i += 1) { c.postMessage('here'); await sleep(100); } return got.length";
    expect(await Promise.all([runInPage(talk), runInPage(talk)])).toEqual(["0", "0"]);
  });

  it("the canary tells when somebody reaches it", async () => {
    reached = [];
    await fetch(`http://127.0.0.1:${port}/x`);
    await expect.poll(() => reached).toEqual(["tcp GET /x HTTP/1.1"]);
  });
});
