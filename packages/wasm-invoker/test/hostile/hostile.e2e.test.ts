/** Every attempt of attempts.ts in real Chromium: none gets through, each ends in time, and a good tool works after it. */
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { RunnableTool, RunResult } from "@toolpocket/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWasmInvoker } from "../../src/index.ts";
import { runTool } from "../python/python-runs.ts";
import { createNodeTool } from "../node-tool.ts";
import { createPythonTool } from "../python-tool.ts";
import type { Attempt } from "./attempt.ts";
import { ATTEMPTS } from "./attempts.ts";

const DEFAULT_TIMEOUT_MS = 2_000;
const invoker = createWasmInvoker({ maxSandboxes: 4, keepSpare: false });
let held = 0;
let tried = 0;
let reached = 0;
const canary = createServer((socket) => {
  reached += 1;
  socket.end("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n");
});
let canaryPort = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
  canaryPort = (canary.address() as AddressInfo).port;
});
afterAll(async () => {
  await invoker.close();
  canary.close();
  console.log(`hostile attempts: ${tried} tried, ${held} held`);
});

/** One tool for each runtime that runs the code in its environment: each attempt has a fresh instance of it. */
const evil: Record<Attempt["runtime"], RunnableTool> = {
  python: createPythonTool(`
import json, os
import js
CANARY = int(os.environ["CANARY"])
none = js.Uint8Array.new(0)

def make(fields, **more):
    made = js.JSON.parse(json.dumps(fields))
    for name, value in more.items():
        setattr(made, name, value)
    return made

exec(compile(os.environ["CODE"], "evil.py", "exec"))
`),
  node: createNodeTool(`
const real = Function("return this")();
const CANARY = Number(process.env.CANARY);
const URLS = ["http", "https", "ws"].map((scheme) => scheme + "://127.0.0.1:" + CANARY + "/");
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const importUrl = Function("url", "return import(url)");
const take = (name) => {
  for (let scope = real; scope; scope = Object.getPrototypeOf(scope)) {
    const found = Reflect.getOwnPropertyDescriptor(scope, name);
    if (found) return found.value ?? found.get?.call(real);
  }
  return globalThis[name];
};
const AsyncFunction = (async () => {}).constructor;
const log = console.log;
const names = ["real", "CANARY", "URLS", "sleep", "importUrl", "take", "require"];
new AsyncFunction(...names, process.env.CODE)(real, CANARY, URLS, sleep, importUrl, take, require).then(
  (got) => log(got ? "BREACH " + String(got) : "held"),
  (error) => log("held " + String(error)),
);
`),
};
const good = createPythonTool("import sys; print(sys.stdin.read(), end='')");

async function attack({
  runtime,
  code,
  timeoutMs = DEFAULT_TIMEOUT_MS,
}: Attempt): Promise<RunResult & { out: string }> {
  return runTool(invoker, evil[runtime], { environment: { CODE: code, CANARY: String(canaryPort) }, timeoutMs });
}

describe("hostile tools", () => {
  it.each(ATTEMPTS.map((attempt) => [attempt.runtime, attempt.id, attempt] as const))(
    "run() holds %s %s, and a good tool works, when it is tried",
    async (_runtime, _id, attempt) => {
      tried += 1;
      const before = reached;
      const result = await attack(attempt);
      expect(result.out).not.toContain("BREACH");
      expect(reached).toBe(before);
      const end = result.kind === "failed" ? result : { code: result.kind, message: "" };
      expect(attempt.ends ?? [end.code]).toContain(end.code);
      expect(end.message).not.toMatch(/toolpocket|localhost|worker\.js|at .*:\d+:\d+/u);
      expect(result.stdout.length).toBeLessThanOrEqual(evil[attempt.runtime].limits.maxOutputBytes);
      expect(result.stderr.length).toBeLessThanOrEqual(evil[attempt.runtime].limits.maxOutputBytes);
      const input = `after ${attempt.id}`;
      expect(await runTool(invoker, good, { input })).toMatchObject({ kind: "exited", out: JSON.stringify(input) });
      held += 1;
    },
  );

  it("run() answers a good tool when 100 hostile calls run beside it", async () => {
    const quick = ATTEMPTS.filter(({ timeoutMs }) => timeoutMs === undefined);
    const attacks = Array.from({ length: 100 }, (_, index) =>
      attack({ ...(quick[(index * 13) % quick.length] as Attempt), timeoutMs: 500 }),
    );
    for (let call = 0; call < 10; call += 1) {
      expect(await runTool(invoker, good, { input: call })).toMatchObject({ kind: "exited", out: String(call) });
    }
    for (const result of await Promise.all(attacks)) expect(result.out).not.toContain("BREACH");
    expect(reached).toBe(0);
  });

  it("the canary tells when somebody reaches it", async () => {
    expect((await fetch(`http://127.0.0.1:${canaryPort}/`)).status).toBe(200);
    expect(reached).toBe(1);
    reached = 0;
  });
});
