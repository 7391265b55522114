/** What a hostile tool tries: each attempt prints BREACH where it got through, and says how it is to end otherwise. */
import type { OutcomeCode } from "@toolpocket/core";

export interface Attempt {
  readonly id: string;
  readonly runtime: "python" | "node";
  /** Python statements, or the body of an asynchronous JavaScript function that returns what it got hold of. */
  readonly code: string;
  /** How the run must end. Without it: in any way, in time, without a breach. */
  readonly ends?: readonly OutcomeCode[];
  readonly timeoutMs?: number;
}

/**
 * What an attempt finds (see hostile.e2e.test.ts): `CANARY`, the port of a server on loopback that nobody may reach; in
 * JavaScript `real`, the worker's own global object, and `take(name)`, whatever of that name can be got hold of; in python
 * `js`, `make(fields, **more)`, a JavaScript object, and `none`, an empty array of bytes.
 */
const python = (id: string, code: string, more: Partial<Attempt> = {}): Attempt => ({
  id,
  runtime: "python",
  code,
  ...more,
});
const node = (id: string, code: string, more: Partial<Attempt> = {}): Attempt => ({
  id,
  runtime: "node",
  code,
  ...more,
});

const LOOPS: readonly Attempt[] = [
  python("loop-busy", "while True: pass", { ends: ["timeout"] }),
  python("loop-swallowing", "while True:\n  try:\n    while True: pass\n  except BaseException: pass", {
    ends: ["timeout"],
  }),
  python("loop-in-pow", "x = 10 ** 10 ** 8", { ends: ["timeout"] }),
  python("loop-in-regex", "import re; re.match(r'(a+)+$', 'a' * 64 + 'b')", { ends: ["timeout"] }),
  python(
    "loop-asyncio",
    "import asyncio\nasync def main():\n  while True: await asyncio.sleep(0)\nasyncio.run(main())",
    { ends: ["timeout"] },
  ),
  python("loop-sleep", "import time; time.sleep(10 ** 6)", { ends: ["timeout"] }),
  python("loop-stdin", "import sys\nwhile True: sys.stdin.read()", { ends: ["timeout"] }),
  python("loop-at-exit", "import atexit\n@atexit.register\ndef loop():\n  while True: pass", { ends: ["timeout"] }),
  node("loop-busy", "for (;;) {}", { ends: ["timeout"] }),
  node("loop-microtasks", "const again = () => Promise.resolve().then(again); await again();", { ends: ["timeout"] }),
  node(
    "loop-timers",
    "const again = () => setTimeout(again, 0); again(); await new Promise(() => setInterval(() => {}, 1));",
    { ends: ["timeout"] },
  ),
  node("loop-atomics-wait", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);", { ends: ["timeout"] }),
  node("loop-regex", "/(a+)+$/.test('a'.repeat(64) + 'b');", { ends: ["timeout"] }),
];

const CRASHES: readonly Attempt[] = [
  python("crash-bad-pointer", "import ctypes; ctypes.string_at(0xFFFFFFF0, 10)", { ends: ["execution_failed"] }),
  python("crash-overwrite-memory", "import ctypes; ctypes.memset(0, 255, 1 << 24); print(1)", {
    ends: ["execution_failed", "timeout"],
  }),
  python("crash-deep-repr", "a = []\nfor _ in range(10 ** 6): a = [a]\nrepr(a)"),
  python("crash-deep-recursion", "import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(): f()\nf()"),
  python("crash-abort", "import os; os.abort()"),
  python("crash-exit-hard", "import os; os._exit(77)"),
  python("crash-signal", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"),
  python("crash-heap-from-js", "import pyodide_js; pyodide_js._module.HEAPU8.fill(255)", {
    ends: ["execution_failed", "timeout"],
  }),
  python(
    "crash-close-streams",
    "import os\nfor fd in range(256):\n  try: os.close(fd)\n  except OSError: pass\nprint('x')",
  ),
  python("crash-delete-builtins", "import builtins, sys\nsys.modules.clear()\nbuiltins.__dict__.clear()"),
  python(
    "crash-throw-in-timer",
    "import js\nfrom pyodide.ffi import create_proxy\ndef boom(): raise ValueError('x')\njs.setTimeout(create_proxy(boom), 1)\nimport time; time.sleep(0.2)",
  ),
  node("crash-stack", "const f = () => f(); f();"),
  node("crash-throw-odd", "throw null;"),
  node(
    "crash-reject-later",
    "setTimeout(() => Promise.reject(new Error('later')), 1); await new Promise((r) => setTimeout(r, 50));",
  ),
  node("crash-exit", "process.exit(300);"),
  node("crash-close-worker", "real.close?.(); real.self?.close?.(); for (;;) {}", { ends: ["timeout"] }),
];

const FLOODS: readonly Attempt[] = [
  python("flood-stdout", "while True: print('x' * 1000)", { ends: ["output_too_large"] }),
  python("flood-stdout-swallowing", "while True:\n  try: print('x' * 1000)\n  except BaseException: pass", {
    ends: ["output_too_large"],
  }),
  python("flood-stderr", "import sys\nwhile True: sys.stderr.write('x' * 10000)", { ends: ["timeout"] }),
  python("flood-one-write", "import sys; sys.stdout.write('x' * 100_000_000)", { ends: ["output_too_large"] }),
  python(
    "flood-messages",
    "for n in range(20000): js.postMessage(make({'type': 'output', 'n': n}))\nwhile True: pass",
    {
      ends: ["runtime_policy_invalid"],
    },
  ),
  node("flood-stdout", "for (;;) process.stdout.write('x'.repeat(100000));", { ends: ["output_too_large"] }),
  python(
    "flood-posted-output",
    "message = make({'type': 'output'}, stdout=js.Uint8Array.new(100_000), stderr=none)\nwhile True: js.postMessage(message)",
    {
      ends: ["output_too_large", "memory_exceeded"],
    },
  ),
  python(
    "flood-posted-empty",
    "message = make({'type': 'output'}, stdout=none, stderr=none)\nfor _ in range(100_000): js.postMessage(message)\nwhile True: pass",
    {
      ends: ["timeout", "memory_exceeded", "output_too_large", "runtime_policy_invalid"],
      timeoutMs: 5_000,
    },
  ),
  node("flood-console", "for (let i = 0; i < 200000; i += 1) real.console?.log('x'.repeat(1000));"),
];

const ALLOCATIONS: readonly Attempt[] = [
  python("memory-python", "a = []\nwhile True: a.append(bytearray(10_000_000))", {
    ends: ["memory_exceeded"],
    timeoutMs: 60_000,
  }),
  python("memory-python-at-once", "a = bytearray(2_000_000_000)", { ends: ["memory_exceeded"] }),
  python(
    "memory-js-buffers",
    "import js\na = []\nwhile True:\n  b = js.Uint8Array.new(50_000_000)\n  b.fill(1)\n  a.append(b)",
    { ends: ["memory_exceeded"], timeoutMs: 60_000 },
  ),
  python("memory-files", "n = 0\nwhile True:\n  n += 1\n  open(f'/tmp/{n}', 'wb').write(b'x' * 50_000_000)", {
    ends: ["memory_exceeded"],
    timeoutMs: 60_000,
  }),
  python(
    "memory-around-the-limit",
    "import pyodide_js\nm = pyodide_js._module.wasmMemory if hasattr(pyodide_js._module, 'wasmMemory') else None\nimport js\ngrow = js.Object.getPrototypeOf(js.WebAssembly.Memory.new(js.Object.fromEntries([['initial', 1]])).valueOf()).grow\nkept = []\nwhile True:\n  b = js.WebAssembly.Memory.new(js.Object.fromEntries([['initial', 1000]]))\n  js.Uint8Array.new(b.buffer).fill(1)\n  kept.append(b)",
    {
      timeoutMs: 60_000,
      ends: ["memory_exceeded", "execution_failed"],
    },
  ),
  node("memory-js-heap", "const kept = []; for (;;) kept.push(new Array(1000000).fill(kept.length + 0.5));", {
    ends: ["memory_exceeded"],
    timeoutMs: 60_000,
  }),
  node(
    "memory-js-strings",
    "const kept = []; for (let i = 0; ; i += 1) kept.push(JSON.parse(JSON.stringify(String(i).padEnd(5000000, 'é'))));",
    { ends: ["memory_exceeded"], timeoutMs: 60_000 },
  ),
  node("memory-js-objects", "let last; for (;;) last = { last, more: [1, 2, 3] };", {
    ends: ["memory_exceeded"],
    timeoutMs: 60_000,
  }),
  node("memory-array-buffers", "const kept = []; for (;;) kept.push(new Uint8Array(50000000).fill(1));", {
    ends: ["memory_exceeded", "execution_failed"],
    timeoutMs: 60_000,
  }),
  node(
    "memory-shared-buffers",
    "const kept = []; for (;;) kept.push(new Uint8Array(new SharedArrayBuffer(50000000)).fill(1));",
    { timeoutMs: 60_000 },
  ),
  node(
    "memory-messages",
    "const { port1, port2 } = new real.MessageChannel(); for (;;) port1.postMessage(new Uint8Array(10000000).fill(1));",
    { ends: ["memory_exceeded", "execution_failed"], timeoutMs: 60_000 },
  ),
];

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

const NETWORK: readonly Attempt[] = [
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
  python(
    "network-import-own-page",
    "import asyncio\nasync def main():\n  print('BREACH', await pyodide_js._module.dynamicImport(str(js.location.href).replace('worker.js', 'page.js')))\nimport pyodide_js\nasyncio.run(main())",
  ),
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

const STORAGE: readonly Attempt[] = [
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
    "import js\nfound = [n for n in ('indexedDB', 'caches', 'BroadcastChannel', 'Worker', 'SharedWorker', 'fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'importScripts', 'close') if hasattr(js, n) or hasattr(js.self, n) or hasattr(js.globalThis, n)]\nprint('BREACH' if found else 'held', found)",
  ),
  python(
    "storage-prototype-walk",
    "o, found = js.Object.getPrototypeOf(js.self), []\nfor _ in range(3):\n  found += [n for n in js.Object.getOwnPropertyNames(o) if n in ('indexedDB', 'caches', 'fetch', 'importScripts')]\n  o = js.Object.getPrototypeOf(o)\nprint('BREACH' if found else 'held', found)",
  ),
  python("storage-realm-walk", REALM_WALK),
];

/** Messages that are none of a running worker's, as python writes them. */
const FORGED = [
  "None",
  "42",
  "'exited'",
  "js.Array.new()",
  "make({})",
  "make({'type': 'booted'})",
  "make({'type': 'bound'})",
  "make({'type': 'snapshot'}, bytes=js.ArrayBuffer.new(8))",
  "make({'type': 'exited', 'id': 'x', 'exitCode': 0})",
  "make({'type': 'exited', 'exitCode': 'zero'}, stdout=none, stderr=none)",
  "make({'type': 'exited', 'exitCode': 0, 'stdout': 'text'}, stderr=none)",
  "make({'type': 'exited', 'exitCode': 0, 'value': {}}, stdout=none, stderr=none)",
  "make({'type': 'started', 'id': 'x'})",
  "make({'type': 'stopped', 'id': 'x'})",
  "make({'type': 'failed', 'code': 'timeout', 'message': ''}, stdout=none, stderr=none)",
  "make({'type': 'exited', 'exitCode': 1e9}, stdout=none, stderr=none)",
  "make({'type': 'exited', 'exitCode': -1}, stdout=none, stderr=none)",
  "make({'type': 'output'}, stdout=js.Uint8ClampedArray.new(9), stderr=none)",
  "make({'type': 'output'}, stdout=js.ArrayBuffer.new(9), stderr=none)",
] as const;

const FORGERIES: readonly Attempt[] = [
  ...FORGED.map((message, index) =>
    python(`forge-shape-${index}`, `js.postMessage(${message})\nwhile True: pass`, {
      ends: ["runtime_policy_invalid"],
    }),
  ),
  python(
    "forge-shared-output",
    "shared = js.Uint8Array.new(js.SharedArrayBuffer.new(100_000))\njs.postMessage(make({'type': 'output'}, stdout=shared, stderr=shared))\nwhile True: shared.fill(65)",
    { ends: ["timeout", "runtime_policy_invalid"] },
  ),
  python(
    "forge-endless-message",
    "js.postMessage(make({'type': 'failed', 'code': 'execution_failed', 'message': 'x' * 50_000_000}, stdout=none, stderr=none))\nwhile True: pass",
    { ends: ["execution_failed"], timeoutMs: 10_000 },
  ),
  python(
    "forge-event-to-self",
    "for kind in ('run', 'bind', 'boot', 'make-snapshot'): js.dispatchEvent(js.MessageEvent.new('message', make({'data': {'type': kind, 'input': '{}', 'environment': {}, 'maxOutputBytes': 1e9}})))",
  ),
  python("forge-report-error", "js.reportError(js.Error.new('forged'))\nwhile True: pass", {
    ends: ["execution_failed", "timeout"],
  }),
  python(
    "forge-early-result",
    "js.postMessage(make({'type': 'exited', 'exitCode': 0}, stdout=js.Uint8Array.new(3), stderr=none))\nwhile True: pass",
  ),
  python(
    "forge-other-ids",
    "for n in range(2000): js.postMessage(make({'type': 'exited', 'id': f'{n:032x}', 'exitCode': 0, 'hasValue': False, 'waited': False}, stdout=none, stderr=none))\nwhile True: pass",
  ),
  node("forge-from-node", "real.postMessage({ type: 'exited' }); return 'posted';"),
  node(
    "forge-by-prototype",
    "Object.getPrototypeOf(real).postMessage.call(real, { type: 'exited' }); return 'posted';",
  ),
];

const TAMPERING: readonly Attempt[] = [
  node("tamper-then", "Promise.prototype.then = function () { return this; }; return null;"),
  node(
    "tamper-post-message",
    "real.postMessage = () => {}; real.onmessage = () => {}; DedicatedWorkerGlobalScope.prototype.postMessage = () => {};",
  ),
  node(
    "tamper-clock",
    "real.performance.now = () => NaN; Performance.prototype.now = () => { throw 1; }; Date.now = () => 0; setInterval(() => {}, 1);",
    { ends: ["timeout"] },
  ),
  node(
    "tamper-bytes",
    "Uint8Array.prototype.slice = Uint8Array.prototype.subarray = Uint8Array.prototype.set = function () { throw new Error('no'); }; process.stdout.write('x');",
  ),
  node(
    "tamper-text",
    "TextEncoder.prototype.encode = () => new Uint8Array(1e8); JSON.stringify = () => '{'; process.stdout.write('x');",
  ),
  node(
    "tamper-prototypes",
    "for (const name of ['type', 'id', 'stdout', 'then', 'exitCode', 'code']) Object.defineProperty(Object.prototype, name, { get() { throw new Error(name); }, set() {}, configurable: true }); process.stdout.write('x');",
  ),
  python(
    "tamper-harness",
    "import gc, types\nfor o in gc.get_objects():\n  if isinstance(o, types.FunctionType) and o.__code__.co_filename == '<toolpocket>':\n    try: o.__code__ = (lambda *a: None).__code__\n    except ValueError: o.__defaults__ = o.__kwdefaults__ = None",
  ),
  python(
    "tamper-traceback",
    "import traceback, sys\ntraceback.TracebackException = traceback.print_exception = None\nsys.excepthook = lambda *a: 1 / 0\nraise ValueError('x')",
  ),
  python("tamper-js-promise", "import js\njs.Promise.prototype.then = js.Object.new()\nprint('x')"),
];

export const ATTEMPTS: readonly Attempt[] = [
  ...LOOPS,
  ...CRASHES,
  ...FLOODS,
  ...ALLOCATIONS,
  ...NETWORK,
  ...STORAGE,
  ...FORGERIES,
  ...TAMPERING,
];
