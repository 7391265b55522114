/** Attempts to use up the machine: loops, crashes, floods and allocations without end. */
import { type Attempt, node, python } from "./attempt.ts";

export const LOOPS: readonly Attempt[] = [
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

export const CRASHES: readonly Attempt[] = [
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

export const FLOODS: readonly Attempt[] = [
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

export const ALLOCATIONS: readonly Attempt[] = [
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
