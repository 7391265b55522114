/**
 * Attempts to reach beyond granted folders. They find `/storage/data`, which they may write, `/storage/ro`, which they may
 * read, and `SECRET`, the host's path of a file beside the two; whatever they do, nothing but `data` is another after it.
 */
import { type Attempt, node, python } from "./attempt.ts";

/** A message that reports `changes` with so many bytes of contents, and a good end behind it. */
const report = (changes: readonly object[], bytes: number): string => `
js.postMessage(make({"type": "changes", "changes": ${JSON.stringify(changes)}}, contents=js.Uint8Array.new(${bytes})))
js.postMessage(make({"type": "exited", "exitCode": 0}, stdout=none, stderr=none))
while True: pass
`;
const write = (path: string, storage = "data"): object => ({ kind: "write", storage, path, size: 4 });

/** Paths that a forged report names, each with a good one before it. */
const FORGED_PATHS = [
  "../secret.txt",
  "x/../../secret.txt",
  "/etc/pocket-was-here",
  "..\\secret.txt",
  "link/secret.txt",
  "link",
  ".git/hooks/post-checkout",
  ".GIT",
  "git~1",
  ".toolpocket-0/n0",
  "a\u0000b",
  "./a",
  "a//b",
  "",
  ".",
  "..",
  "con:",
  "\ud800",
] as const;

export const STORAGE_ESCAPES: readonly Attempt[] = [
  ...FORGED_PATHS.map((path, index) =>
    python(`storage-forge-path-${index}`, report([write("good"), write(path)], 8), { ends: ["permission_denied"] }),
  ),
  python("storage-forge-read-only", report([write("a.txt", "ro")], 4), { ends: ["permission_denied"] }),
  python("storage-forge-other-folder", report([write("a.txt", "other")], 4), { ends: ["permission_denied"] }),
  python("storage-forge-proto", report([write("a.txt", "__proto__")], 4), { ends: ["permission_denied"] }),
  python("storage-forge-sizes", report([{ ...write("a"), size: 1e15 }], 4), { ends: ["runtime_policy_invalid"] }),
  python("storage-forge-negative", report([{ ...write("a"), size: -4 }], 4), { ends: ["runtime_policy_invalid"] }),
  python("storage-forge-no-list", report([[]], 0), { ends: ["runtime_policy_invalid"] }),
  python(
    "storage-forge-twice",
    `changes = make({"type": "changes", "changes": []}, contents=none)\njs.postMessage(changes)\njs.postMessage(changes)\nwhile True: pass`,
    { ends: ["runtime_policy_invalid"] },
  ),
  python(
    "storage-forge-without-end",
    `js.postMessage(make({"type": "changes", "changes": ${JSON.stringify([write("a.txt")])}}, contents=js.Uint8Array.new(4)))\nwhile True: pass`,
    { ends: ["timeout"] },
  ),
  python(
    "storage-forge-too-much",
    "js.postMessage(make({'type': 'changes', 'changes': [{'kind': 'write', 'storage': 'data', 'path': 'a', 'size': 100_000_000}]}, contents=js.Uint8Array.new(100_000_000)))\nwhile True: pass",
    { ends: ["runtime_policy_invalid"], timeoutMs: 10_000 },
  ),
  python("storage-read-path", "print('BREACH', open(os.environ['SECRET']).read())"),
  python("storage-read-climb", "print('BREACH', open('/storage/data/../../' + os.environ['SECRET']).read())"),
  python("storage-read-host-link", "print('BREACH', open('/storage/data/link').read())"),
  python(
    "storage-read-own-link",
    "os.symlink(os.environ['SECRET'], '/storage/data/mine')\nprint('BREACH', open('/storage/data/mine').read())",
  ),
  python(
    "storage-link-and-write",
    "os.symlink(os.path.dirname(os.environ['SECRET']), '/storage/data/out')\nopen('/storage/data/out-file', 'w').write('x')",
    { ends: ["permission_denied"] },
  ),
  python(
    "storage-unlock-read-only",
    "import pyodide_js\nfs = pyodide_js.FS\nnode = fs.lookupPath('/storage/ro/a.txt').node\nnode.mode = 0o100666\nnode.node_ops = fs.lookupPath('/storage/data/a.txt').node.node_ops\nnode.stream_ops = fs.lookupPath('/storage/data/a.txt').node.stream_ops\nopen('/storage/ro/a.txt', 'w').write('evil')",
  ),
  python(
    "storage-swap-mounts",
    "import pyodide_js\nfs = pyodide_js.FS\nfs.unmount('/storage/ro')\nopen('/storage/ro/a.txt', 'w').write('evil')",
  ),
  node(
    "storage-node-prototype",
    "const fs = require('fs'); Array.prototype.push = function () { return 0; }; Map.prototype.get = () => ({ kind: 'file' }); fs.writeFileSync('/storage/data/x', 'x'); return null;",
  ),
  node(
    "storage-node-read-only",
    "const fs = require('fs'); for (const path of ['/storage/ro/a.txt', '/storage/ro/new']) try { fs.writeFileSync(path, 'evil'); return path; } catch {} return null;",
  ),
  node("storage-node-read-path", "return require('fs').readFileSync(process.env.SECRET, 'utf8');"),
  node(
    "storage-node-climb",
    "const fs = require('fs'); fs.mkdirSync('/etc', { recursive: true }); fs.writeFileSync('/storage/data/../../etc/passwd', 'x'); fs.renameSync('/storage', '/gone'); return null;",
  ),
];
