/** Calls are strangers to each other: nothing survives a call, and concurrent ones never mix. */
import { afterAll, describe, expect, it } from "vitest";
import { createMemorySnapshotStore, createWasmInvoker } from "../../src/index.ts";
import { createPythonTool } from "../python-tool.ts";
import { runTool } from "./python-runs.ts";

const snapshots = createMemorySnapshotStore();
const invoker = createWasmInvoker({ snapshots, maxSandboxes: 4 });
afterAll(() => invoker.close());

describe("one call after another", () => {
  it("run() finds nothing of the call before when that has left all it could", async () => {
    const tool = createPythonTool(
      `
import builtins, gc, json, os, sys, tempfile
import helper, js
found = [hasattr(builtins, "left"), hasattr(helper, "left"), "left" in os.environ, "left" in sys.modules, hasattr(json, "left"),
         os.path.exists("/tmp/left"), os.path.exists("/tool/left"), os.path.exists(os.path.expanduser("~/left")),
         hasattr(js, "left"), hasattr(js.Object.prototype, "left"), "left" in sys.path, sys.getrecursionlimit() == 777]
builtins.left = helper.left = json.left = 1
os.environ["left"] = "1"
sys.modules["left"] = helper
sys.path.append("left")
sys.setrecursionlimit(777)
for path in ("/tmp/left", "/tool/left", os.path.expanduser("~/left"), "/tool/helper.py"):
    with open(path, "w") as file: file.write("left = 1")
js.left = 1
js.Object.prototype.left = 1
print(any(found), found)
`,
      { files: { "helper.py": "" } },
    );
    for (const _call of [1, 2, 3]) expect((await runTool(invoker, tool, {})).out).toMatch(/^False /u);
  });

  it("run() gives every instance other random numbers and names when the tool asks for some", async () => {
    const tool = createPythonTool(
      "import os, random, secrets, tempfile, uuid\n" +
        "for value in (random.random(), random.Random().random(), secrets.token_hex(8), uuid.uuid4(), uuid.uuid1(), os.urandom(8).hex(), os.path.basename(tempfile.mkdtemp())): print(value)",
    );
    const runs = await Promise.all(Array.from({ length: 6 }, () => runTool(invoker, tool, {})));
    const values = runs.map(({ out }) => out.trim().split("\n"));
    for (const kind of [0, 1, 2, 3, 4, 5, 6]) expect(new Set(values.map((list) => list[kind])).size).toBe(6);
  });

  it("run() tells whether it had to wait for a start when a tool is called first, and again", async () => {
    const tool = createPythonTool("print('hi')");
    const first = await runTool(invoker, tool, {});
    expect(first.coldStart).toBe(true);
    // The next instance is made in the background: some call soon finds it ready.
    await expect
      .poll(async () => (await runTool(invoker, tool, {})).coldStart, { timeout: 60_000, interval: 1_000 })
      .toBe(false);
  });

  it("run() tells how much memory the interpreter held when it ends", async () => {
    const small = await runTool(invoker, createPythonTool("pass"), {});
    const large = await runTool(invoker, createPythonTool("x = bytearray(100_000_000)"), {});
    expect(small.peakMemoryBytes).toBeGreaterThan(20_000_000);
    expect((large.peakMemoryBytes ?? 0) - (small.peakMemoryBytes ?? 0)).toBeGreaterThan(90_000_000);
  });
});

describe("memory", () => {
  const limits = { maxMemoryBytes: 134_217_728 };
  const hoard = "kept = []\nwhile True: kept.append(bytearray(5_000_000))";

  it("run() fails with memory_exceeded, and names the line, when the tool reaches its limit", async () => {
    const result = await runTool(invoker, createPythonTool(hoard, { limits }), {});
    expect(result).toMatchObject({ kind: "failed", code: "memory_exceeded", message: "the tool ran out of memory" });
    expect(result.err).toMatch(/main\.py", line 2[^]*MemoryError\n$/u);
  });

  it("run() lets the tool go on when it catches its MemoryError", async () => {
    const source = `try:\n  ${hoard.replace("\n", "\n  ")}\nexcept MemoryError:\n  many = len(kept)\n  kept = None\n  print(10 < many < 27)`;
    const result = await runTool(invoker, createPythonTool(source, { limits }), {});
    expect(result).toMatchObject({ kind: "exited", exitCode: 0, out: "True\n" });
    expect(result.peakMemoryBytes).toBeLessThanOrEqual(limits.maxMemoryBytes);
  });

  it("run() fails the one call when its JavaScript takes too much, and the next works", async () => {
    const source =
      "import js, sys\nkept = []\nwhile sys.stdin.read() == '1':\n  while True:\n    kept.append(js.Uint8Array.new(20_000_000))\n    kept[-1].fill(1)\nprint('fine')";
    const tool = createPythonTool(source, { limits });
    expect(await runTool(invoker, tool, { input: 1 })).toMatchObject({ kind: "failed", code: "memory_exceeded" });
    expect(await runTool(invoker, tool, { input: 2 })).toMatchObject({ kind: "exited", out: "fine\n" });
  });
});

describe("many calls at once", () => {
  it("run() never mixes input, environment, streams and values when 100 calls of four tools run at once", async () => {
    const script =
      "import asyncio, json, os, sys\ndata = json.load(sys.stdin)\nasync def pause(): await asyncio.sleep(data['n'] % 5 / 500)\nasyncio.run(pause())\nsys.stdout.write(f\"{data['n']} {os.environ['N']}\")\nsys.stdout.flush()\nsys.stderr.write(f\"{NAME} {data['n']}\")";
    const value = "import os\nasync def run(n):\n    print(os.environ['N'], end='')\n    return [NAME, n]";
    const tools = ["a", "b", "c", "d"].map((name, index) =>
      createPythonTool(`NAME = '${name}'\n${index < 2 ? script : value}`, index < 2 ? {} : { function: "run" }),
    );
    const calls = Array.from({ length: 100 }, async (_, n) => {
      const kind = n % 4;
      const tool = tools[kind] ?? createPythonTool("");
      const result = await runTool(invoker, tool, { input: { n }, environment: { N: `v${n}` } });
      const name = "abcd"[kind];
      expect(result).toMatchObject(
        kind < 2
          ? { exitCode: 0, out: `${n} v${n}`, err: `${name} ${n}` }
          : { exitCode: 0, out: `v${n}`, err: "", value: JSON.stringify([name, n]) },
      );
    });
    await Promise.all(calls);
  });

  it("run() serves every tool when there are more of them than sandboxes", async () => {
    const few = createWasmInvoker({ snapshots, maxSandboxes: 2, readyInstances: 0 });
    try {
      const tools = Array.from({ length: 6 }, (_, index) => createPythonTool(`print(${index})`));
      const outs = await Promise.all([...tools, ...tools].map(async (tool) => (await runTool(few, tool, {})).out));
      expect(outs).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5].map((index) => `${index}\n`));
    } finally {
      await few.close();
    }
  });

  it("run() answers overloaded when too many calls of a tool wait", async () => {
    const narrow = createWasmInvoker({
      snapshots,
      maxConcurrentRuns: 1,
      maxQueue: 2,
      readyInstances: 0,
      keepSpare: false,
    });
    try {
      const tool = createPythonTool("print('done')");
      const results = await Promise.all(Array.from({ length: 5 }, () => runTool(narrow, tool, {})));
      expect(results.map((result) => (result.kind === "failed" ? result.code : result.out))).toEqual([
        "done\n",
        "done\n",
        "done\n",
        "overloaded",
        "overloaded",
      ]);
    } finally {
      await narrow.close();
    }
  });
});
