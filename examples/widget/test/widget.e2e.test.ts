import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { PythonToolState } from "@toolpocket/python-widget/state";
import { afterAll, beforeAll, expect, test } from "vitest";

const MAIN = join(import.meta.dirname, "..", "src", "main.ts");

let demo: ChildProcess;
let url = "";

beforeAll(async () => {
  demo = spawn(process.execPath, ["--conditions=toolpocket-source", MAIN], { stdio: ["ignore", "pipe", "inherit"] });
  if (!demo.stdout) throw new Error("the demo has no output");
  const [line] = await once(createInterface(demo.stdout), "line");
  url = /http:\S+/u.exec(String(line))?.[0] ?? "";
});
afterAll(() => demo.kill("SIGKILL"));

async function readState(): Promise<PythonToolState> {
  const response = await fetch(new URL("/state", url));
  return response.json() as Promise<PythonToolState>;
}

test("demo:widget serves the state of a tool that really works", async () => {
  await expect.poll(async () => (await readState()).failed, { timeout: 60_000, interval: 200 }).toBeGreaterThan(0);
  const state = await readState();
  expect(state).toMatchObject({ state: "ready" });
  expect(state.tools.map(({ name }) => name)).toContain("execute_python");
  expect(state.succeeded).toBeGreaterThan(0);
  expect(state.averageMs).toBeGreaterThan(0);
  expect(state.packages).toEqual([]);
  expect(state.errors[0]?.message).toContain("division by zero");
});

test("demo:widget serves a page under a strict policy, and to no other host's name", async () => {
  const page = await fetch(url);
  expect(page.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
  expect(await page.text()).toContain("<pocket-python");
  expect(await (await fetch(new URL("/page.js", url))).text()).toContain("customElements.define");
  const { statusCode } = await new Promise<{ statusCode?: number | undefined }>((resolve, reject) => {
    get(url, { headers: { Host: "elsewhere.example" } }, resolve).on("error", reject);
  });
  expect(statusCode).toBe(421);
});

test("demo:widget ends well when it is interrupted, also while a page listens", async () => {
  const listening = await fetch(new URL("/state", url), { headers: { Accept: "text/event-stream" } });
  const gone = once(demo, "exit");
  demo.kill("SIGINT");
  expect(await gone).toEqual([0, null]);
  await expect(listening.text()).rejects.toThrow("terminated");
});
