/** Crashes and ends: what dies takes only its own calls along, and nothing is left behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createMemorySnapshotStore, createWasmInvoker } from "../../src/index.ts";
import { runPython, runTool } from "../python/python-runs.ts";
import { createNodeTool } from "../node-tool.ts";
import { createPythonTool } from "../python-tool.ts";
import { isBrowser, isRenderer, isRunning, listDescendants } from "./process-tree.ts";

// Looking at processes is done by way of /proc.
const withoutProc = process.platform !== "linux";
const snapshots = createMemorySnapshotStore();
const options = { snapshots, readyInstances: 0, keepSpare: false, maxSandboxes: 4 };
const gone = { timeout: 20_000, interval: 100 };

describe.skipIf(withoutProc)("crashes (needs Linux's /proc)", () => {
  const invoker = createWasmInvoker(options);
  afterAll(() => invoker.close());
  const echo = createPythonTool("import sys; print(sys.stdin.read(), end='')");
  const hold = "import time, sys\nsys.stdout.write('so far')\nsys.stdout.flush()\nwhile True: time.sleep(0.01)";

  /** Starts a call that lasts, and gives the renderers that came with it. */
  async function startHolding(): Promise<{ held: ReturnType<typeof runPython>; renderers: number[] }> {
    const before = new Set(
      listDescendants(process.pid)
        .filter(isRenderer)
        .map(({ pid }) => pid),
    );
    const tool = createPythonTool(hold);
    // A call that ends shows that the sandbox is up; the next one lasts.
    await runTool(invoker, tool, { timeoutMs: 500 });
    const renderers = listDescendants(process.pid)
      .filter(isRenderer)
      .map(({ pid }) => pid)
      .filter((pid) => !before.has(pid));
    const held = runTool(invoker, tool, { timeoutMs: 120_000 });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return { held, renderers };
  }

  it("run() fails only the calls in a renderer when that is killed, and the next call works", async () => {
    const { held, renderers } = await startHolding();
    const beside = runPython(invoker, "import time; time.sleep(3); print('beside')");
    expect(renderers.length).toBeGreaterThan(0);
    for (const pid of renderers) process.kill(pid, "SIGKILL");
    expect(await held).toMatchObject({
      kind: "failed",
      code: "execution_failed",
      message: "the tool's sandbox crashed",
      out: "so far",
    });
    expect(await beside).toMatchObject({ out: "beside\n" });
    expect(await runTool(invoker, echo, { input: "x" })).toMatchObject({ out: '"x"' });
  });

  it("run() fails the calls in a browser when that is killed, and the next call gets another browser", async () => {
    const { held } = await startHolding();
    const browser = findBrowserProcess();
    const family = listDescendants(browser);
    const servers = countServers();
    expect(servers).toBeGreaterThan(0);
    process.kill(browser, "SIGKILL");
    expect(await held).toMatchObject({ kind: "failed", code: "execution_failed", out: "so far" });
    expect(await runTool(invoker, echo, { input: "next" })).toMatchObject({ out: '"next"' });
    await expect.poll(() => family.filter(({ pid }) => isRunning(pid)), gone).toEqual([]);
    expect(listDescendants(process.pid).filter(isBrowser)).toHaveLength(1);
    // The dead browser's server closes once the last of its processes is gone.
    await expect.poll(countServers, gone).toBe(servers);
  });

  it("run() works in every sandbox again when the browser is killed while several are opened", async () => {
    const starting = [1, 2, 3].map((index) => runPython(invoker, `print(${index})`));
    process.kill(findBrowserProcess(), "SIGKILL");
    const results = await Promise.all(starting);
    // Each either ran in the next browser or was lost with this one; none hangs, none throws.
    const ends = results.map((result) => (result.kind === "failed" ? result.code : result.kind));
    expect(ends.filter((end) => end !== "exited" && end !== "execution_failed")).toEqual([]);
    expect(await runTool(invoker, echo, { input: 1 })).toMatchObject({ out: "1" });
  });
});

describe.skipIf(withoutProc)("ends (needs Linux's /proc)", () => {
  it("close() leaves no process, port or file behind when tools were running", async () => {
    const [files, servers] = [listProfiles(), countServers()];
    const invoker = createWasmInvoker(options);
    await runPythonOn(invoker, "print(1)");
    const lost = expect(runPythonOn(invoker, "while True: pass")).rejects.toMatchObject({ code: "ERR_POCKET_CLOSED" });
    const family = listDescendants(process.pid);
    expect(family.filter(isBrowser)).toHaveLength(1);
    await invoker.close();
    await lost;
    expect(family.filter(({ pid }) => isRunning(pid))).toEqual([]);
    expect(listProfiles()).toEqual(files);
    expect(countServers()).toBe(servers);
  });

  it("close() ends the start when it is called while the browser is starting", async () => {
    const files = listProfiles();
    const invoker = createWasmInvoker(options);
    const running = expect(runPythonOn(invoker, "print(1)")).rejects.toMatchObject({ code: "ERR_POCKET_CLOSED" });
    await invoker.close();
    await running;
    expect(listDescendants(process.pid).filter(isBrowser)).toEqual([]);
    expect(listProfiles()).toEqual(files);
  });

  it("a host ends by itself when it has closed its invoker", async () => {
    const host = startHost("close");
    const [code] = (await once(host, "exit")) as [number];
    expect(code).toBe(0);
  });

  it.each([
    ["session", 0],
    ["exit", 7],
  ] as const)(
    "a host that never closes its invoker ends by itself, and nothing of it stays: %s",
    async (mode, code) => {
      const host = startHost(mode);
      const [ended] = (await once(host, "exit")) as [number];
      expect(ended).toBe(code);
      const ofHost = `pocket-browser-${host.pid}-`;
      // Whoever has lost his host is a child of init.
      await expect.poll(() => listDescendants(0).filter(({ command }) => command.includes(ofHost)), gone).toEqual([]);
      expect(listProfiles(host.pid)).toEqual([]);
    },
  );

  it.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)(
    "a browser is gone within seconds when its host ends by %s",
    async (signal) => {
      const host = startHost("loop");
      await once(host.stdout ?? host, "data");
      const family = listDescendants(host.pid ?? 0);
      expect(family.filter(isBrowser)).toHaveLength(1);
      host.kill(signal);
      await expect.poll(() => family.filter(({ pid }) => isRunning(pid)), gone).toEqual([]);
    },
  );

  it("the next start removes the profile of a host that was killed", async () => {
    const host = startHost("loop");
    await once(host.stdout ?? host, "data");
    const family = listDescendants(host.pid ?? 0);
    const ofHost = (): string[] => listProfiles(host.pid);
    expect(ofHost()).toHaveLength(1);
    host.kill("SIGKILL");
    await expect.poll(() => family.filter(({ pid }) => isRunning(pid)), gone).toEqual([]);
    const invoker = createWasmInvoker(options);
    await runTool(invoker, createNodeTool("console.log(1)"), {});
    expect(ofHost()).toEqual([]);
    await invoker.close();
  });
});

/** The one browser of this process. */
function findBrowserProcess(): number {
  const [browser, ...others] = listDescendants(process.pid).filter(isBrowser);
  if (!browser || others.length > 0) throw new Error("this process has not one browser");
  return browser.pid;
}

function runPythonOn(invoker: ReturnType<typeof createWasmInvoker>, source: string): ReturnType<typeof runPython> {
  return runPython(invoker, source, { timeoutMs: 120_000 });
}

function startHost(mode: "close" | "exit" | "loop" | "session"): ChildProcess {
  const script = join(import.meta.dirname, "host-process.ts");
  return spawn(process.execPath, ["--conditions=toolpocket-source", script, mode], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Ports of this process that listen: sockets among its files that the kernel lists in the state 0A. proc(5) */
function countServers(): number {
  const listening = new Set(
    readFileSync("/proc/self/net/tcp", "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/u))
      .filter(([, , , state]) => state === "0A")
      .map(([, , , , , , , , , inode]) => `socket:[${inode}]`),
  );
  return readdirSync("/proc/self/fd").filter((file) => listening.has(linkOf(file))).length;
}

/** What a file of this process is; the one that lists them is gone again. */
function linkOf(file: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${file}`);
  } catch {
    return "";
  }
}

/** Those of one host: other files of tests start browsers at the same time. */
function listProfiles(host = process.pid): string[] {
  return readdirSync("/tmp").filter((name) => name.startsWith(`pocket-browser-${host}-`));
}
