/** Attempts at the one door to the network: around it, through it with what was not granted, and against its protocol. */
import { type Attempt, node, python } from "./attempt.ts";

/** Python that tries one thing and tells whether anything came of it. */
const reach = (id: string, expression: string): Attempt =>
  python(
    id,
    `import asyncio, http.client, socket, ssl, urllib.request, pyodide.http
from pyodide.code import run_js
from pyodide.ffi import run_sync
at = f'127.0.0.1:{CANARY}'
def raw(text, host='127.0.0.1', port=CANARY):
    s = socket.create_connection((host, port), timeout=1); s.sendall(text.encode()); return s.recv(100)
try:
    got = ${expression}
    print('BREACH', got)
except Exception as error:
    print('held', error)`,
  );

/** Ways that a guest may know of, and that are not there or lead to the broker. */
const AROUND = [
  ["http-client", "http.client.HTTPSConnection(at).request('GET', '/')"],
  ["unverified", "urllib.request.urlopen(f'https://{at}/', context=ssl._create_unverified_context())"],
  ["proxy", "urllib.request.build_opener(urllib.request.ProxyHandler({'http': at})).open('http://example.com/')"],
  ["file-url-data", "urllib.request.urlopen('file:///proc/self/environ').read()"],
  ["ftp", "urllib.request.urlopen(f'ftp://{at}/x')"],
  ["raw-host-header", "raw('GET / HTTP/1.1\\r\\nHost: example.com\\r\\n\\r\\n')"],
  ["raw-whole-url", "raw(f'GET http://{at}/ HTTP/1.1\\r\\n\\r\\n', 'example.com', 80)"],
  ["raw-connect", "raw(f'CONNECT {at} HTTP/1.1\\r\\n\\r\\n')"],
  ["raw-upgrade", "raw('GET / HTTP/1.1\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n\\r\\n')"],
  [
    "raw-smuggling",
    "raw('POST / HTTP/1.1\\r\\nContent-Length: 1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n')",
  ],
  ["raw-credentials", "raw('GET / HTTP/1.1\\r\\n\\r\\n', 'user:key@127.0.0.1')"],
  ["address-number", "urllib.request.urlopen(f'http://2130706433:{CANARY}/')"],
  ["address-octal", "urllib.request.urlopen(f'http://0177.0.0.1:{CANARY}/')"],
  ["address-mapped", "urllib.request.urlopen(f'http://[::ffff:127.0.0.1]:{CANARY}/')"],
  ["address-zero", "urllib.request.urlopen(f'http://0.0.0.0:{CANARY}/')"],
  ["name-localhost", "urllib.request.urlopen(f'http://localhost:{CANARY}/')"],
  ["own-server", "urllib.request.urlopen(js.location.href.replace('worker.js', 'page.js')).status"],
  ["datagram", "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', CANARY))"],
  ["unix-socket", "socket.socket(socket.AF_INET, socket.SOCK_RAW).connect(('127.0.0.1', CANARY))"],
  ["native-socket", "__import__('_socket').socket().connect(('127.0.0.1', CANARY))"],
  ["xhr", "js.XMLHttpRequest.new()"],
  ["pyxhr", "pyodide.http.pyxhr.get(f'http://{at}/')"],
  ["websocket", "js.WebSocket.new(f'ws://{at}/')"],
  ["event-source", "js.EventSource.new(f'http://{at}/')"],
  ["web-transport", "js.WebTransport.new(f'https://{at}/')"],
  ["webrtc", "js.RTCPeerConnection.new()"],
  ["import-scripts", "js.importScripts(f'http://{at}/x.js')"],
  ["worker", "js.Worker.new(f'http://{at}/x.js')"],
  ["beacon", "js.navigator.sendBeacon(f'http://{at}/', 'x')"],
  ["js-fetch-no-cors", "run_sync(js.fetch(f'http://{at}/', make({'mode': 'no-cors', 'keepalive': True}))).status"],
  ["js-fetch-file", "run_sync(js.fetch('file:///etc/hostname')).status"],
  ["js-fetch-blob", "run_sync(js.fetch(js.URL.createObjectURL(js.Blob.new(['x'])))).status"],
  ["run-js-fetch", "run_sync(run_js(f'fetch(\"http://{at}/\")')).status"],
  ["run-js-import", "run_sync(run_js(f'import(\"http://{at}/x.js\")'))"],
  ["native-request-cache", "run_sync(js.caches.open('x'))"],
  ["pyfetch-redirect", "run_sync(pyodide.http.pyfetch(f'http://{at}/', redirect='manual')).status"],
] as const;

const IN_NODE = [
  ["dns", "return await require('dns').promises.lookup('example.com');"],
  ["datagram", "require('dgram').createSocket('udp4').send('x', CANARY, '127.0.0.1'); return 'sent';"],
  ["http2", "return require('http2').connect('http://127.0.0.1:' + CANARY);"],
  ["tls", "return require('tls').connect(CANARY, '127.0.0.1');"],
  [
    "agent",
    "const http = require('http'); const agent = new http.Agent(); agent.createConnection = () => require('net').connect(CANARY); return (await new Promise((resolve, reject) => http.get({ host: '127.0.0.1', port: CANARY, agent }, resolve).on('error', reject))).statusCode;",
  ],
  ["https", "return (await fetch('https://127.0.0.1:' + CANARY + '/')).status;"],
  ["file-url", "return (await fetch('file:///etc/passwd')).status;"],
  ["import-file", "return await importUrl('file:///etc/passwd');"],
  [
    "header-injection",
    "return (await fetch('http://127.0.0.1:' + CANARY + '/', { headers: { a: 'b\\r\\nHost: x' } })).status;",
  ],
  [
    "prefetch",
    "return (await fetch('http://127.0.0.1:' + CANARY + '/', { priority: 'low', keepalive: true, mode: 'no-cors' })).status;",
  ],
  ["request-clone", "return (await fetch(new Request('http://127.0.0.1:' + CANARY + '/').clone())).status;"],
  [
    "navigation",
    "const place = take('location'); if (!place) return; place.href = 'http://127.0.0.1:' + CANARY + '/'; await sleep(200);",
  ],
  [
    "download",
    "const open = take('open') ?? take('showSaveFilePicker'); return open && (await open('http://127.0.0.1:' + CANARY + '/'));",
  ],
  [
    "rtc",
    "const R = take('RTCPeerConnection'); return R && new R({ iceServers: [{ urls: 'stun:127.0.0.1:' + CANARY }] });",
  ],
] as const;

/** Messages to the page that a worker of ours would never send, as python writes them. */
const FORGED_CALLS = [
  "{'type': 'host-call'}",
  "{'type': 'host-call', 'message': 1}",
  "{'type': 'host-call', 'message': {'type': 'answer', 'call': 1}}",
  "{'type': 'host-call', 'message': {'type': 'call', 'call': 0, 'service': 'fetch', 'request': '{}', 'hasBody': False}}",
  "{'type': 'host-call', 'message': {'type': 'call', 'call': 1, 'service': 'fetch', 'request': {}, 'hasBody': False}}",
  "{'type': 'host-call', 'message': {'type': 'call', 'call': 1, 'service': 'fetch', 'request': '{', 'hasBody': False}}",
  "{'type': 'host-call', 'message': {'type': 'call', 'call': 1, 'service': 'x' * 99, 'request': '{}', 'hasBody': False}}",
  "{'type': 'host-call', 'message': {'type': 'call', 'call': 1, 'service': 'x', 'request': '9' * 300_000, 'hasBody': False}}",
  "{'type': 'host-call', 'message': {'type': 'call-credit', 'call': 1, 'bytes': -1}}",
  "{'type': 'host-call', 'message': {'type': 'call-credit', 'call': 1, 'bytes': 1e15}}",
  "{'type': 'host-call', 'message': {'type': 'call-data', 'call': 1, 'isLast': False}}",
  "{'type': 'host-call', 'bytes': 'text', 'message': {'type': 'call-data', 'call': 1, 'isLast': False}}",
] as const;

const call = (number: string, service = "'fetch'"): string =>
  `js.postMessage(make({'type': 'host-call', 'message': {'type': 'call', 'call': ${number}, 'service': ${service}, 'request': '{}', 'hasBody': True}}))`;
const data = (bytes: number): string =>
  `js.postMessage(make({'type': 'host-call', 'message': {'type': 'call-data', 'call': 1, 'isLast': False}}, bytes=js.Uint8Array.new(${bytes})))`;
const WAIT = "\nimport time\ntime.sleep(5)\nprint('BREACH')";
const broken = (id: string, code: string): Attempt => python(id, code + WAIT, { ends: ["runtime_policy_invalid"] });
/** What names a call is counted for nothing, not refused, where the host has answered that call in between. */
const brokenWhileOpen = (id: string, code: string): Attempt =>
  python(id, code + WAIT, { ends: ["runtime_policy_invalid", "timeout"] });

export const DOOR: readonly Attempt[] = [
  ...AROUND.map(([id, expression]) => reach(`door-${id}`, expression)),
  ...IN_NODE.map(([id, code]) => node(`door-node-${id}`, code)),
  ...FORGED_CALLS.map((message, index) => broken(`door-forge-shape-${index}`, `js.postMessage(make(${message}))`)),
  broken("door-forge-same-number", `${call("7")}\n${call("7")}`),
  broken("door-forge-lower-number", `${call("7")}\n${call("3")}`),
  brokenWhileOpen("door-forge-too-many", `for n in range(1, 99): ${call("n")}`),
  broken("door-forge-large-chunk", `${call("1")}\n${data(262_145)}`),
  broken("door-forge-empty-chunk", `${call("1")}\n${data(0)}`),
  brokenWhileOpen(
    "door-forge-credit-for-nothing",
    `${call("1")}\njs.postMessage(make({'type': 'host-call', 'message': {'type': 'call-credit', 'call': 1, 'bytes': 5}}))`,
  ),
  python(
    "door-forge-other-run",
    "for n in range(500): js.postMessage(make({'type': 'host-call', 'id': f'{n:032x}', 'message': {'type': 'call-cancel', 'call': n + 1}}))",
  ),
  python(
    "door-forge-other-service",
    `for n, name in enumerate(('storage', '__proto__', 'constructor', 'fetch\\0')): ${call("n + 1", "name")}`,
  ),
  python("door-forge-data-for-none", data(9)),
  python(
    "door-forge-answer-to-self",
    "js.dispatchEvent(js.MessageEvent.new('message', make({'data': {'type': 'host-answer', 'message': {'type': 'answer', 'call': 1, 'answer': '{}', 'hasBody': True}}})))",
  ),
  python(
    "door-flood-of-calls",
    `for n in range(1, 60_000):\n  ${call("n")}\n  js.postMessage(make({'type': 'host-call', 'message': {'type': 'call-cancel', 'call': n}}))`,
    {
      timeoutMs: 10_000,
    },
  ),
  python("door-left-open", `${call("1")}\nraise SystemExit(0)`),
];
