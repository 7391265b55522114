/** Sessions in real Chromium: what they keep, what ends them, and what their code can not do. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PendingCall, Session } from "@toolpocket/core";
import { createWasmInvoker } from "@toolpocket/wasm-invoker";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fromFunction, Pocket } from "../src/index.ts";

const MAX_SESSIONS = 2;
let cwd: string;
let pocket: Pocket;
/** The two that the tests share: a start costs more than a run. */
let session: Session;
let small: Session;
/** What tools were called with. */
const called: unknown[] = [];
const heard: string[] = [];
/** Paths that the server was asked for. */
const asked: string[] = [];
let port: number;
const server = createServer((request, response) => {
  asked.push(request.url ?? "");
  response.end(`hello ${request.url}`);
});
/** Calls of Rome, that wait for a word. */
const pending: PendingCall[] = [];
const inputSchema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const TINY_WHEEL = zipSync({
  "tiny/__init__.py": strToU8("SIZE = 3"),
  "tiny-1.0.dist-info/METADATA": strToU8("Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"),
  "tiny-1.0.dist-info/WHEEL": strToU8("Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
  "tiny-1.0.dist-info/RECORD": strToU8(""),
});

async function runWeather({ city }: { city: string }): Promise<unknown> {
  called.push(city);
  await new Promise((resolve) => setTimeout(resolve, 5));
  if (city === "Atlantis") throw new Error("no such city");
  return { city, degrees: city.length };
}

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "session-"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
  pocket = new Pocket({
    cwd,
    invoker: createWasmInvoker({ maxSessions: MAX_SESSIONS, keepSpare: false }),
    tools: [
      fromFunction({ name: "weather", description: "Tells the weather.", inputSchema, run: runWeather }),
      fromFunction({ name: "secrets", description: "Not for everybody.", inputSchema, run: runWeather }),
    ],
  });
  session = await pocket.session({
    tools: ["weather"],
    packages: [{ fileName: "tiny-1.0-py3-none-any.whl", content: TINY_WHEEL }],
    modules: { "greet.py": "def hello(): return 'hi'" },
    prelude: "from greet import hello",
    allow: { network: [`http://127.0.0.1:${port} private`] },
    needsApproval: ({ input }) => (input as { city: string }).city === "Rome",
    onApproval: (call) => setTimeout(() => (pending.push(call) === 1 ? call.approve() : call.reject("not today")), 700),
    onOutput: ({ stream, text }) => heard.push(`${stream}: ${text}`),
  });
  const limits = { maxMemoryBytes: 134_217_728, maxOutputBytes: 10_000, maxCalls: 3 };
  small = await pocket.session({ tools: ["weather"], limits });
});
afterAll(async () => {
  await pocket.close();
  server.close();
  await rm(cwd, { recursive: true, force: true });
});
beforeEach(() => {
  called.length = heard.length = pending.length = 0;
});

/** Lines of code as one text. */
const code = (...lines: string[]): string => lines.join("\n");

describe("run()", () => {
  it("keeps variables and files from run to run, and nothing of another session", async () => {
    expect(await session.run("import os\nx = 41\nprint(os.getcwd())")).toMatchObject({
      stdout: "/workspace\n",
      restored: false,
    });
    expect(heard).toEqual(["stdout: /workspace\n"]);
    await session.writeFile("notes/a.txt", "서울");
    expect(
      await session.run("open('notes/b.bin', 'wb').write(b'\\x00\\xff')\n[x + 1, open('notes/a.txt').read()]"),
    ).toMatchObject({
      value: [42, "서울"],
      files: [{ path: "notes/b.bin", size: 2 }],
    });
    expect(await session.readFile("notes/b.bin")).toEqual(new Uint8Array([0, 255]));
    await expect(session.readFile("nothing")).rejects.toMatchObject({ code: "ERR_POCKET_SESSION_FILE" });
    expect(await small.run("import os\n['x' in globals(), os.listdir('.')]")).toMatchObject({ value: [false, []] });
    expect(await small.listFiles()).toEqual([]);
    await session.reset();
    expect(await session.run("import os\n['x' in globals(), os.listdir('.')]")).toMatchObject({
      value: [false, []],
      restored: false,
    });
  });

  it("calls tools plainly, awaited and gathered, and raises where one fails", async () => {
    const outcome = await session.run(
      code(
        "import asyncio",
        "from toolpocket import call, ToolError",
        "plain = call('weather', {'city': 'Seoul'})['degrees']",
        "awaited = (await call('weather', {'city': 'Oslo'}))['degrees']",
        "many = await asyncio.gather(*[call('weather', {'city': 'x' * n}) for n in range(1, 101)])",
        "try:",
        "    call('weather', {'city': 'Atlantis'})",
        "except ToolError as error:",
        "    raised = [error.code, error.message]",
        "[plain, awaited, sum(city['degrees'] for city in many), raised]",
      ),
    );
    expect(outcome).toMatchObject({ status: "ok", value: [5, 4, 5050, ["execution_failed", "no such city"]] });
    expect(outcome.calls).toHaveLength(103);
    const wrong = await session.run("call('weather', {'town': 'Seoul'})");
    expect(wrong.error).toMatchObject({ type: "ToolError", line: 1, hint: expect.stringContaining("arguments") });
    const large = await session.run("len(call('weather', {'city': 'y' * 400_000})['city'])");
    expect(large.value).toBe(400_000);
  });

  it("is interrupted at its deadline, and keeps variables and output, when the code is busy or waits", async () => {
    await session.run("import asyncio, time\nx = 1");
    for (const endless of ["while True: pass", "time.sleep(60)", "await asyncio.sleep(60)"]) {
      const outcome = await session.run(`print('begun')\n${endless}`, { timeoutMs: 200 });
      expect(outcome).toMatchObject({
        status: "error",
        error: { code: "timeout" },
        stdout: "begun\n",
        restored: false,
      });
    }
    const aborting = new AbortController();
    const aborted = session.run("while True: pass", { signal: aborting.signal });
    setTimeout(() => aborting.abort(new Error("enough")), 100);
    await expect(aborted).rejects.toThrow("enough");
    expect(await session.run("x")).toMatchObject({ value: 1, restored: false });
  });

  it("starts the session anew, and says so, when the code does not end at the interrupt or ends the interpreter", async () => {
    const stubborn = code(
      "x = 1",
      "while True:",
      "    try:",
      "        while True: pass",
      "    except BaseException: pass",
    );
    expect(await session.run(stubborn, { timeoutMs: 200 })).toMatchObject({
      status: "error",
      error: { code: "timeout", hint: expect.stringContaining("are gone") },
      restored: true,
    });
    expect(await session.run("['x' in globals(), hello()]")).toMatchObject({ value: [false, "hi"], restored: true });
    expect(await session.run("import os\nos._exit(0)")).toMatchObject({ status: "error", restored: true });
    expect(await session.run("1")).toMatchObject({ value: 1, restored: true });
    expect(await session.run("1")).toMatchObject({ restored: false });
  });

  it("keeps to its limits of memory and output, and lives on", async () => {
    expect(await small.run("x = 7\ny = 'x' * 200_000_000")).toMatchObject({ error: { code: "memory_exceeded" } });
    const long = await small.run("print('o' * 50_000)\n'v' * 50_000");
    expect(long.status).toBe("ok");
    expect([long.stdout.length < 6_000, long.stdout.includes("was dropped"), (long.repr ?? "").length < 1_000]).toEqual(
      [true, true, true],
    );
    expect(await small.run("x")).toMatchObject({ value: 7, restored: false });
  });

  it("installs wheels before its first run, and again after a reset", async () => {
    const look = "import tiny, importlib.metadata\n[tiny.SIZE, importlib.metadata.version('tiny')]";
    expect(await session.run(look)).toMatchObject({ value: [3, "1.0"] });
    await session.reset();
    expect(await session.run(look)).toMatchObject({ value: [3, "1.0"] });
  });
});

describe("network", () => {
  it("its code reaches what was granted, and nothing else", async () => {
    const fetch = (url: string): string => `import urllib.request\nurllib.request.urlopen('${url}').read().decode()`;
    expect(await session.run(fetch(`http://127.0.0.1:${port}/granted`))).toMatchObject({ value: "hello /granted" });
    const denied = await small.run(fetch(`http://127.0.0.1:${port}/`));
    expect(denied).toMatchObject({
      status: "error",
      error: { hint: expect.stringContaining("was not granted") },
      denials: [{ kind: "network" }],
    });
    expect(asked).toEqual(["/granted"]);
  });
});

describe("approval", () => {
  it("a call waits for its word longer than the run may last, and the time does not count", async () => {
    const ask = "from toolpocket import call\ncall('weather', {'city': 'Rome'})";
    expect(await session.run(ask, { timeoutMs: 500 })).toMatchObject({ status: "ok", value: { city: "Rome" } });
    expect(await session.run(ask, { timeoutMs: 500 })).toMatchObject({
      status: "error",
      error: { type: "ToolError", message: expect.stringContaining("not today") },
      calls: [{ tool: "weather", status: "denied", code: "approval_rejected" }],
    });
    expect(called).toEqual(["Rome"]);
  });
});

describe("hostile code", () => {
  it("calls no tool that is not its session's, by name or by forged messages", async () => {
    const outcome = await small.run(
      code(
        "import js, json",
        "from pyodide.ffi import to_js",
        "from toolpocket import call, ToolError",
        "def forge(number, tool):",
        "    request = json.dumps({'tool': tool, 'arguments': '{\"city\": \"forged\"}'})",
        "    message = {'type': 'call', 'call': number, 'service': 'tool', 'request': request, 'hasBody': False}",
        "    js.postMessage(to_js({'type': 'host-call', 'message': message}, dict_converter=js.Object.fromEntries))",
        "try:",
        "    call('secrets', {'city': 'x'})",
        "except ToolError as error:",
        "    told = error.code",
        "forge(900, 'secrets')",
        "for number in range(901, 950): forge(number, 'weather')",
        "import time; time.sleep(0.2)",
        "told",
      ),
    );
    // A forged call counts like any other: it reaches the session's own tools, as often as the session may.
    expect(called.filter((city) => city !== "forged")).toEqual([]);
    expect(called.length).toBeLessThanOrEqual(1);
    expect(outcome.calls.map(({ tool, status }) => `${tool} ${status}`).slice(0, 2)).toEqual([
      "secrets denied",
      "secrets denied",
    ]);
    expect(outcome.calls.length).toBeLessThanOrEqual(3);
  });

  it("harms itself alone when it forges a result, floods the host or breaks its runtime", async () => {
    await session.run("x = 'mine'");
    const head = "import js\nfrom pyodide.ffi import to_js\n";
    const post = (value: string): string =>
      `js.postMessage(to_js({'type': 'exited', 'exitCode': 0, 'value': js.TextEncoder.new().encode(${value}), 'stdout': js.Uint8Array.new(0), 'stderr': js.Uint8Array.new(0)}, dict_converter=js.Object.fromEntries))`;
    const forged = await small.run(`${head}${post("'[[['")}\nwhile True: pass`);
    expect(forged).toMatchObject({ status: "error", error: { code: "runtime_policy_invalid" } });
    // The loop is still there: it is ended with the run that finds it.
    expect(await small.run("1", { timeoutMs: 200 })).toMatchObject({ status: "error", error: { code: "timeout" } });
    await small.run(`${head}js.postMessage('nonsense')\nimport time; time.sleep(0.1)`);
    await small.run("import builtins\nbuiltins.__pocket_begin__ = None\nimport json\njson.dumps = None");
    await small.reset();
    expect(await small.run("6 * 7")).toMatchObject({ value: 42 });
    expect(await session.run("x")).toMatchObject({ value: "mine", restored: false });
  });
});

describe("places", () => {
  it("session() throws ERR_POCKET_SESSION_LIMIT when as many are open as may be, and opens one when one is closed", async () => {
    await expect(pocket.session()).rejects.toMatchObject({ code: "ERR_POCKET_SESSION_LIMIT" });
    await Promise.all([session.close(), small.close()]);
    await expect(session.run("1")).rejects.toMatchObject({ code: "ERR_POCKET_CLOSED" });
    await using next = await pocket.session({ ttlMs: 60_000 });
    expect(await next.run("1")).toMatchObject({ value: 1 });
  });

  it("session() throws, and takes no place, when a tool is not known or what it begins with fails", async () => {
    await expect(pocket.session({ tools: ["wether"] })).rejects.toMatchObject({ code: "ERR_POCKET_TOOL_UNKNOWN" });
    const broken = { fileName: "x-1-py3-none-any.whl", content: strToU8("no zip") };
    const [prelude, wheel] = await Promise.allSettled([
      pocket.session({ prelude: "1 / 0" }),
      pocket.session({ packages: [broken] }),
    ]);
    expect(prelude).toMatchObject({
      reason: { code: "ERR_POCKET_SESSION_START", message: expect.stringContaining("ZeroDivisionError") },
    });
    expect(wheel).toMatchObject({ reason: { code: "ERR_POCKET_SESSION_START" } });
  });
});
