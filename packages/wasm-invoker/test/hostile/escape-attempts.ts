/** Attempts to get out of the worker: to the network, to other realms, to storage that outlives a call. */
import { type Attempt, node, python } from "./attempt.ts";

/** JavaScript that tries to load `URL` by every constructor and function that it can lay hands on. */
const REACH = `
const found = [];
for (const name of ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "WebSocketStream", "RTCPeerConnection", "Worker", "SharedWorker", "importScripts", "FontFace", "Image", "FetchLaterResult"]) {
  const thing = take(name);
  if (!thing) continue;
  for (const url of URLS) {
    try { const made = name === "fetch" || name === "importScripts" ? await thing.call(real, url) : new thing(url, "ws"); if (made?.ok) found.push(name); } catch {}
    try { const request = new thing(); request.open("GET", url); request.send(); } catch {}
  }
}
await sleep(300);
return found.join();`;

export const NETWORK: readonly Attempt[] = [
  node("network-every-constructor", REACH),
  ...["http:", "https:", "ws:", "data:", "blob:"].map((scheme) =>
    node(
      `network-import-${scheme.slice(0, -1)}`,
      scheme === "data:"
        ? "return (await importUrl('data:text/javascript,export let reached = true')).reached;"
        : scheme === "blob:"
          ? "return (await importUrl(URL.createObjectURL(new Blob(['export let reached = true'], { type: 'text/javascript' })))).reached;"
          : `return (await importUrl('${scheme}//127.0.0.1:' + CANARY + '/x.js')).reached;`,
    ),
  ),
  node(
    "network-node-http",
    "const http = require('http'); const answer = await new Promise((resolve, reject) => http.get('http://127.0.0.1:' + CANARY + '/', resolve).on('error', reject)); return answer.statusCode;",
  ),
  node(
    "network-node-global-fetch",
    "const answer = await fetch('http://127.0.0.1:' + CANARY + '/'); return answer.status;",
  ),
  node(
    "network-node-net",
    "const net = require('net'); await new Promise((resolve, reject) => net.connect(CANARY, '127.0.0.1', resolve).on('error', reject)); return 'connected';",
  ),
  node(
    "network-wasm-streaming",
    "const r = await WebAssembly.compileStreaming(new Response('x', { headers: { 'content-type': 'application/wasm' } })).catch(() => null); return r;",
  ),
  node("network-beacon", "return real.navigator.sendBeacon?.('http://127.0.0.1:' + CANARY + '/', 'x');"),
  node(
    "network-source-map",
    "(0, eval)('1;//# sourceMappingURL=http://127.0.0.1:' + CANARY + '/x.map'); (0, eval)('throw 1;//# sourceURL=http://127.0.0.1:' + CANARY + '/y.js');",
  ),
  node(
    "network-css-and-fonts",
    "const F = take('FontFace'); if (!F) return; await new F('x', 'url(http://127.0.0.1:' + CANARY + '/f.woff)').load(); return 'loaded';",
  ),
  node(
    "workers-nested",
    "const W = take('Worker'); if (!W) return; new W(URL.createObjectURL(new Blob(['for(;;);']))); return 'started';",
  ),
  python(
    "network-urllib",
    "import urllib.request, os\nprint('BREACH', urllib.request.urlopen(f'http://127.0.0.1:{CANARY}/', timeout=1).status)",
  ),
  python(
    "network-socket",
    "import socket\ns = socket.create_connection(('127.0.0.1', CANARY), timeout=1)\ns.send(b'GET / HTTP/1.0\\r\\n\\r\\n')\nd = s.recv(10)\nprint('BREACH' if d else 'held')",
  ),
  python(
    "network-http-client",
    "import http.client\nc = http.client.HTTPConnection('127.0.0.1', CANARY, timeout=1)\nc.request('GET', '/')\nprint('BREACH', c.getresponse().status)",
  ),
  python(
    "network-pyfetch",
    "import asyncio, pyodide.http\nasync def main():\n  r = await pyodide.http.pyfetch(f'http://127.0.0.1:{CANARY}/')\n  print('BREACH', r.status)\nasyncio.run(main())",
  ),
  python(
    "network-open-url",
    "import pyodide.http\nprint('BREACH', pyodide.http.open_url(f'http://127.0.0.1:{CANARY}/').read())",
  ),
  python(
    "network-js-fetch",
    "import js, asyncio\nasync def main():\n  print('BREACH', (await js.fetch(f'http://127.0.0.1:{CANARY}/')).status)\nasyncio.run(main())",
  ),
  python(
    "network-load-package",
    "import pyodide_js, asyncio\nasync def main():\n  print(await pyodide_js.loadPackage(f'http://127.0.0.1:{CANARY}/x-1-py3-none-any.whl'))\nasyncio.run(main())",
  ),
  python(
    "network-micropip",
    "import asyncio, micropip\nasyncio.run(micropip.install(f'http://127.0.0.1:{CANARY}/x-1-py3-none-any.whl'))\nprint('BREACH')",
  ),
  node("network-import-own-page", "return Object.keys(await importUrl('./page.js')).length + 1;"),
  python("network-dns", "import socket\nprint(socket.getaddrinfo('example.com', 80))"),
  python("eval-run-js", "from pyodide.code import run_js\nprint('BREACH', run_js('1 + 1'))"),
  python("eval-function-constructor", "import js\nprint('BREACH', js.Function.new('return 1')())"),
  python("eval-constructor-of-function", "import js\nprint('BREACH', js.setTimeout.constructor.new('return 1')())"),
  python(
    "eval-timer-text",
    "import js, time\njs.setTimeout('self.reached = 1', 0)\ntime.sleep(0.2)\nprint('BREACH' if hasattr(js, 'reached') else 'held')",
  ),
  python(
    "eval-import-shim",
    "import js, asyncio\nasync def main():\n  m = await js.eval('import(\"data:text/javascript,1\")')\n  print('BREACH', m)\nasyncio.run(main())",
  ),
];

/** Follows everything that can be reached from the global object, and looks for what reaches out of the worker. */
const REALM_WALK = `
import re
import pyodide.ffi
forbidden = re.compile(r"(fetch|XMLHttpRequest|WebSocket|EventSource|WebTransport|Worker|SharedWorker|BroadcastChannel|IDB\\w+|Cache|CacheStorage|StorageManager|LockManager|FileSystem\\w+|importScripts|OffscreenCanvas|createImageBitmap|Notification|RTC\\w+|getDirectory|ShadowRealm)$")
seen, queue, hits = js.Set.new(), [js.self], set()
source = js.Function.prototype.toString
while queue and seen.size < 20_000:
    thing = queue.pop()
    if not isinstance(thing, pyodide.ffi.JsProxy) or seen.has(thing): continue
    seen.add(thing)
    try:
        if thing.typeof == "function" and forbidden.match(thing.name) and "[native code]" in source.call(thing): hits.add(thing.name)
        descriptors = js.Object.getOwnPropertyDescriptors(thing)
        for key in js.Reflect.ownKeys(descriptors):
            descriptor = js.Reflect.get(descriptors, key)
            for part in ("value", "get"):
                queue.append(getattr(descriptor, part, None))
        queue.append(js.Object.getPrototypeOf(thing))
    except Exception: pass
print("BREACH" if hits or seen.size < 500 else "held", hits, seen.size)
`;

export const STORAGE: readonly Attempt[] = [
  ...[
    "indexedDB",
    "caches",
    "BroadcastChannel",
    "cookieStore",
    "localStorage",
    "sessionStorage",
    "StorageManager",
    "SharedWorker",
    "ServiceWorkerContainer",
    "FileSystemDirectoryHandle",
    "LockManager",
    "Notification",
    "PushManager",
    "BackgroundFetchManager",
    "StorageBucketManager",
    "webkitRequestFileSystem",
    "IDBFactory",
    "CacheStorage",
    "GPU",
    "USB",
    "Serial",
    "HID",
    "PeriodicSyncManager",
    "PressureObserver",
    "ShadowRealm",
    "OffscreenCanvas",
  ].map((name) => node(`storage-${name}`, `return take('${name}') && '${name}';`)),
  node(
    "storage-navigator",
    "const open = ['storage', 'locks', 'serviceWorker', 'storageBuckets', 'permissions', 'gpu', 'usb', 'hid', 'serial', 'connection', 'mediaCapabilities', 'wakeLock', 'userActivation'].filter((name) => name in real.navigator); return open.join();",
  ),
  node(
    "storage-realm-walk",
    `
const forbidden = /^(fetch|XMLHttpRequest|WebSocket|EventSource|WebTransport|Worker|SharedWorker|BroadcastChannel|IDB\\w+|Cache|CacheStorage|StorageManager|LockManager|FileSystem\\w+|importScripts|OffscreenCanvas|createImageBitmap|Notification|RTC\\w+|getDirectory|open(Cursor)?|ShadowRealm)$/;
const seen = new Set(), queue = [real], hits = new Set();
while (queue.length && seen.size < 50000) {
  const object = queue.pop();
  if (seen.has(object)) continue;
  seen.add(object);
  if (typeof object === "function" && forbidden.test(object.name) && /\\[native code\\]/.test(Function.prototype.toString.call(object)) && !(object.name === "open")) hits.add(object.name);
  for (const key of Reflect.ownKeys(object)) {
    let value;
    try { value = object[key]; } catch { continue; }
    if ((typeof value === "object" && value) || typeof value === "function") queue.push(value);
    const getter = Reflect.getOwnPropertyDescriptor(object, key)?.get;
    if (getter) queue.push(getter);
  }
  const prototype = Reflect.getPrototypeOf(object);
  if (prototype) queue.push(prototype);
}
if (seen.size < 500) return "the walk did not start";
return [...hits].join();`,
  ),
  node(
    "storage-new-realm",
    "const other = Reflect.construct(Object.getPrototypeOf(async function* () {}).constructor, ['yield this'])(); const { value } = await other.next(); return value?.indexedDB ?? (value ?? real).caches;",
  ),
  node(
    "storage-error-realm",
    "try { null.x; } catch (error) { return error.constructor.constructor('return this')().indexedDB; }",
  ),
  node(
    "storage-message-realm",
    "const { port1, port2 } = new real.MessageChannel(); const got = await new Promise((r) => { port2.onmessage = (e) => r(e); port1.postMessage({}); }); return got.constructor.constructor('return this')().caches ?? got.source;",
  ),
  node("storage-blob-url-shared", "const url = URL.createObjectURL(new Blob(['x'])); real.left = url; return null;"),
  python(
    "storage-js-every-way",
    "import js\nfound = [n for n in ('indexedDB', 'caches', 'BroadcastChannel', 'Worker', 'SharedWorker', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'importScripts', 'close') if hasattr(js, n) or hasattr(js.self, n) or hasattr(js.globalThis, n)]\nprint('BREACH' if found else 'held', found)",
  ),
  python(
    "storage-prototype-walk",
    "o, found = js.Object.getPrototypeOf(js.self), []\nfor _ in range(3):\n  found += [n for n in js.Object.getOwnPropertyNames(o) if n in ('indexedDB', 'caches', 'fetch', 'importScripts')]\n  o = js.Object.getPrototypeOf(o)\nprint('BREACH' if found else 'held', found)",
  ),
  python("storage-realm-walk", REALM_WALK),
];
