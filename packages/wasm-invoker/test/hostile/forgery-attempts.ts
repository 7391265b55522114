/** Attempts to deceive the page and the harness: forged messages, tampered builtins. */
import { type Attempt, node, python } from "./attempt.ts";

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
  "make({'type': 'exited', 'exitCode': 0, 'value': '1'}, stdout=none, stderr=none)",
  "make({'type': 'compiled'}, files=js.Array.new())",
  "make({'type': 'started', 'id': 'x'})",
  "make({'type': 'stopped', 'id': 'x'})",
  "make({'type': 'failed', 'code': 'timeout', 'message': ''}, stdout=none, stderr=none)",
  "make({'type': 'exited', 'exitCode': 1e9}, stdout=none, stderr=none)",
  "make({'type': 'exited', 'exitCode': -1}, stdout=none, stderr=none)",
  "make({'type': 'output'}, stdout=js.Uint8ClampedArray.new(9), stderr=none)",
  "make({'type': 'output'}, stdout=js.ArrayBuffer.new(9), stderr=none)",
] as const;

export const FORGERIES: readonly Attempt[] = [
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

export const TAMPERING: readonly Attempt[] = [
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
