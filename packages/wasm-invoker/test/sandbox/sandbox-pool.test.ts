/** The pool of sandboxes: which are opened, which go, and who waits. */
import type { RunnableTool } from "@toolpocket/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NO_MODULE_CACHE } from "../../src/program/module-cache.ts";
import { packProgram } from "../../src/program/pack-program.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createSandboxPool, type SandboxPoolOptions } from "../../src/sandbox/sandbox-pool.ts";
import { createPythonTool } from "../python-tool.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface FakeSandbox extends Sandbox {
  readonly number: number;
  tool?: string;
  booted: boolean;
  closed: boolean;
  crash(): void;
}

function createPool(options: Partial<SandboxPoolOptions> = {}) {
  const opened: FakeSandbox[] = [];
  const failures: Error[] = [];
  let live = 0;
  let mostLive = 0;
  const pool = createSandboxPool({
    maxSandboxes: 2,
    readyInstances: 1,
    keepSpare: false,
    pack: (tool) => packProgram(tool, NO_MODULE_CACHE),
    async open(runtime) {
      const failure = failures.shift();
      await Promise.resolve();
      if (failure) throw failure;
      const gone = Promise.withResolvers<void>();
      live += 1;
      mostLive = Math.max(mostLive, live);
      const leave = (sandbox: FakeSandbox): void => {
        if (!sandbox.closed) live -= 1;
        sandbox.closed = true;
        gone.resolve();
      };
      const sandbox: FakeSandbox = {
        runtime,
        number: opened.length,
        gone: gone.promise,
        booted: false,
        closed: false,
        boot: () => void (sandbox.booted = true),
        bind: (tool) => void (sandbox.tool = tool.id),
        run: () => Promise.reject(new Error("the pool runs nothing")),
        reset: () => undefined,
        makeSnapshot: () => Promise.reject(new Error("the pool makes no snapshot")),
        async close() {
          await Promise.resolve();
          leave(sandbox);
        },
        crash: () => leave(sandbox),
      };
      opened.push(sandbox);
      return sandbox;
    },
    ...options,
  });
  return { pool, opened, failures, mostLive: () => mostLive };
}

const toNumber = async (sandbox: Sandbox): Promise<number> => (sandbox as FakeSandbox).number;
const createTools = (many: number): RunnableTool[] => Array.from({ length: many }, () => createPythonTool(""));

/** Work in a sandbox that lasts until `finish()`. */
function hold(pool: ReturnType<typeof createPool>["pool"], tool: RunnableTool) {
  const work = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<number>();
  const done = pool.use(tool, async (sandbox) => {
    entered.resolve(await toNumber(sandbox));
    await work.promise;
  });
  return { entered: entered.promise, done, finish: () => (work.resolve(), done) };
}

describe("createSandboxPool()", () => {
  it("use() opens one sandbox for a tool when its first calls come at once", async () => {
    const { pool, opened } = createPool();
    const [tool] = createTools(1) as [RunnableTool];
    const flags: boolean[] = [];
    const numbers = await Promise.all(
      [1, 2, 3].map(() => pool.use(tool, (sandbox, fresh) => (flags.push(fresh), toNumber(sandbox)))),
    );
    expect(numbers).toEqual([0, 0, 0]);
    expect(flags).toEqual([true, false, false]);
    expect(opened.map(({ tool: bound }) => bound)).toEqual([tool.id]);
  });

  it("use() closes the least recently used sandbox when there is no room", async () => {
    const { pool, opened } = createPool();
    const [a, b, c] = createTools(3) as [RunnableTool, RunnableTool, RunnableTool];
    await pool.use(a, toNumber);
    await pool.use(b, toNumber);
    await pool.use(a, toNumber);
    await pool.use(c, toNumber);
    expect(opened.map(({ closed }) => closed)).toEqual([false, true, false]);
    expect(await pool.use(a, toNumber)).toBe(0);
  });

  it("use() leaves a busy sandbox alone, and waits, when all are busy", async () => {
    const { pool, opened } = createPool({ maxSandboxes: 1 });
    const [a, b] = createTools(2) as [RunnableTool, RunnableTool];
    const holding = hold(pool, a);
    await holding.entered;
    const waiting = pool.use(b, toNumber);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(opened).toHaveLength(1);
    await holding.finish();
    expect(await waiting).toBe(1);
    expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
  });

  it("use() serves everybody, and never has more sandboxes than the limit, when many tools come at once", async () => {
    const { pool, mostLive } = createPool({ maxSandboxes: 3 });
    const tools = createTools(20);
    const served = await Promise.all([...tools, ...tools, ...tools].map((tool) => pool.use(tool, async () => tool.id)));
    expect(new Set(served).size).toBe(20);
    expect(mostLive()).toBeLessThanOrEqual(3);
  });

  it("use() never works in a sandbox that is closed when tools compete for one place", async () => {
    const { pool } = createPool({ maxSandboxes: 1 });
    const tools = createTools(5);
    const calls = Array.from({ length: 100 }, (_, index) => tools[(index * 7) % 5] as RunnableTool);
    const states = await Promise.all(
      calls.map((tool) =>
        pool.use(tool, async (sandbox) => [(sandbox as FakeSandbox).closed, (sandbox as FakeSandbox).tool === tool.id]),
      ),
    );
    expect(states.every(([closed, own]) => !closed && own)).toBe(true);
  });

  it("use() opens another sandbox when the tool's has crashed", async () => {
    const { pool, opened } = createPool();
    const [tool] = createTools(1) as [RunnableTool];
    await pool.use(tool, async (sandbox) => (sandbox as FakeSandbox).crash());
    expect(await pool.use(tool, toNumber)).toBe(1);
    expect(opened).toHaveLength(2);
  });

  it("use() rejects, and forgets it, when a sandbox cannot be opened", async () => {
    const { pool, failures } = createPool();
    const [tool] = createTools(1) as [RunnableTool];
    failures.push(new Error("no browser"));
    await expect(pool.use(tool, toNumber)).rejects.toThrow("no browser");
    expect(await pool.use(tool, toNumber)).toBe(0);
  });

  it("use() rejects with what the work throws, and keeps the sandbox, when the work fails", async () => {
    const { pool } = createPool();
    const [tool] = createTools(1) as [RunnableTool];
    await expect(pool.use(tool, () => Promise.reject(new Error("work")))).rejects.toThrow("work");
    expect(await pool.use(tool, toNumber)).toBe(0);
  });

  it("use() closes the sandbox that it opened when the program cannot be packed", async () => {
    const { pool, opened } = createPool();
    const [tool] = createTools(1) as [RunnableTool];
    const broken = { ...tool, program: { ...tool.program, files: undefined as never } };
    await expect(pool.use(broken, toNumber)).rejects.toThrow(TypeError);
    await vi.advanceTimersByTimeAsync(1);
    expect(opened.map(({ closed }) => closed)).toEqual([true]);
  });

  it("use() takes the spare sandbox, booted, when one was made after the call before", async () => {
    const { pool, opened } = createPool({ keepSpare: true, maxSandboxes: 3 });
    const [a, b] = createTools(2) as [RunnableTool, RunnableTool];
    await pool.use(a, toNumber);
    expect(opened).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(opened.map(({ booted }) => booted)).toEqual([false, true]);
    expect(await pool.use(b, toNumber)).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(opened).toHaveLength(3);
  });

  it("use() makes no spare sandbox when there is no room for one", async () => {
    const { pool, opened } = createPool({ keepSpare: true, maxSandboxes: 1 });
    await pool.use(createPythonTool(""), toNumber);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(opened).toHaveLength(1);
  });

  it("use() opens a sandbox when the spare one could not be made, or has crashed", async () => {
    const { pool, opened, failures } = createPool({ keepSpare: true, maxSandboxes: 3 });
    const [a, b, c] = createTools(3) as [RunnableTool, RunnableTool, RunnableTool];
    await pool.use(a, toNumber);
    failures.push(new Error("no memory"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await pool.use(b, toNumber)).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    opened[2]?.crash();
    await vi.advanceTimersByTimeAsync(0);
    expect(await pool.use(c, toNumber)).toBe(3);
  });

  it("lease() gives the spare sandbox or a new one to its taker alone, whom no limit of the pool makes wait", async () => {
    const { pool, opened } = createPool({ keepSpare: true, maxSandboxes: 2 });
    const [a, b, c, d] = createTools(4) as [RunnableTool, RunnableTool, RunnableTool, RunnableTool];
    await pool.use(a, toNumber);
    await vi.advanceTimersByTimeAsync(1_000);
    const spare = await pool.lease(b);
    expect([opened.indexOf(spare as FakeSandbox), opened[1]?.tool, pool.size]).toEqual([1, b.id, 1]);
    const [fresh] = await Promise.all([pool.lease(c), pool.use(d, toNumber)]);
    expect(opened.filter(({ tool }) => tool === c.id)).toEqual([fresh]);
    await pool.close();
    expect([spare, fresh].map((leased) => (leased as FakeSandbox).closed)).toEqual([false, false]);
  });

  it("close() closes every sandbox, spare ones too, and rejects who waits and who comes after", async () => {
    const { pool, opened } = createPool({ keepSpare: true, maxSandboxes: 2 });
    const [a, b, c] = createTools(3) as [RunnableTool, RunnableTool, RunnableTool];
    await pool.use(a, toNumber);
    await vi.advanceTimersByTimeAsync(1_000);
    const holding = [hold(pool, a), hold(pool, b)];
    await Promise.all(holding.map(({ entered }) => entered));
    const waiting = expect(pool.use(c, toNumber)).rejects.toMatchObject({ code: "ERR_POCKET_CLOSED" });
    await pool.close();
    await waiting;
    await Promise.all(holding.map(({ finish }) => finish()));
    await expect(pool.use(a, toNumber)).rejects.toMatchObject({ code: "ERR_POCKET_CLOSED" });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(opened.map(({ closed }) => closed)).toEqual([true, true]);
  });
});
