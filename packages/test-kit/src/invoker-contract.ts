/** What every implementation of the Invoker port must do, as one suite: the fake, and the real browser. */
import type { Invoker, JsonValue, ResolvedLimits, RunResult } from "@toolpocket/core";
import { afterAll, describe, expect, it } from "vitest";
import { type ContractRuntime, type ContractTool, readContractTool } from "./contract-tools.ts";

export interface InvokerContractOptions {
  /** The runtimes that the invoker supports: every case runs once for each. */
  runtimes: readonly ContractRuntime[];
  /** Of one test, in milliseconds; start-up of the first run included. @defaultValue 60000 */
  testTimeoutMs?: number;
}

interface RunCase {
  title: string;
  /** By default all. */
  runtimes?: readonly ContractRuntime[];
  tool: ContractTool;
  input?: JsonValue;
  environment?: Record<string, string>;
  limits?: Partial<ResolvedLimits>;
  timeoutMs?: number;
  check: (result: RunResult, runtime: ContractRuntime) => void;
}

/** Text that breaks whoever pastes it into source code, HTML or a command line. */
const HOSTILE_TEXT = "\"'`\\ ${1+1} </script><!-- \u2028\r\n\t%s $(id) \u{1F642} é __proto__";
const SHORT_TIMEOUT_MS = 1_500;

const RUN_CASES: readonly RunCase[] = [
  {
    title: "gives the input as JSON on stdin, unchanged, when the tool is a script",
    tool: "echo",
    input: { text: HOSTILE_TEXT, list: [1, 2.5, null, true, { __proto: {} }], "": "" },
    check: (result) => {
      expect(result).toMatchObject({ kind: "exited", exitCode: 0 });
      expect(result).not.toHaveProperty("value");
      expect(JSON.parse(toText(result.stdout))).toEqual({
        text: HOSTILE_TEXT,
        list: [1, 2.5, null, true, { __proto: {} }],
        "": "",
      });
    },
  },
  {
    title: "gives back the returned value beside stdout when the entry is a function",
    tool: "function",
    runtimes: ["node", "python"],
    input: { city: HOSTILE_TEXT, days: 2 },
    check: (result) => {
      expect(result).toMatchObject({ kind: "exited", exitCode: 0 });
      expect(JSON.parse(valueOf(result))).toEqual({ input: { city: HOSTILE_TEXT, days: 2 }, keys: 2 });
      expect(toText(result.stdout)).toBe("a line on stdout\n");
    },
  },
  {
    title: "keeps stdout and stderr exact to the byte when characters are split over writes",
    tool: "streams",
    check: (result) => {
      expect(toText(result.stdout)).toBe("é✓🙂");
      expect(toText(result.stderr)).toBe("warned\r\n\r\n");
    },
  },
  {
    title: "tells the exit code and keeps both streams when the tool exits with one",
    tool: "exit",
    check: (result) => {
      expect(result).toMatchObject({ kind: "exited", exitCode: 3 });
      expect(toText(result.stdout)).toBe("before\n");
      expect(toText(result.stderr)).toBe("no such city\n");
    },
  },
  {
    title: "exits with 1 and names file and line on stderr when the tool throws",
    tool: "throw",
    runtimes: ["node", "python"],
    check: (result, runtime) => {
      expect(result).toMatchObject({ kind: "exited", exitCode: 1 });
      expect(toText(result.stderr)).toContain("the tool is broken");
      expect(toText(result.stderr)).toMatch(runtime === "node" ? /throw\.js:2/u : /throw\.py", line 2/u);
    },
  },
  {
    title: "fails with execution_failed and says how when the module traps",
    tool: "throw",
    runtimes: ["wasm"],
    check: (result) =>
      expect(result).toMatchObject({
        kind: "failed",
        code: "execution_failed",
        message: "the module trapped: unreachable",
      }),
  },
  {
    title: "fails with timeout when the tool loops",
    tool: "loop",
    timeoutMs: SHORT_TIMEOUT_MS,
    check: (result) => expect(result).toMatchObject({ kind: "failed", code: "timeout" }),
  },
  {
    title: "fails with output_too_large and cuts the stream when the tool writes more than its limit",
    tool: "flood",
    limits: { maxOutputBytes: 10_000 },
    check: (result) => {
      expect(result).toMatchObject({ kind: "failed", code: "output_too_large" });
      expect(result.stdout.byteLength).toBeLessThanOrEqual(10_000);
    },
  },
  {
    title: "gives environment and arguments to the tool unchanged",
    tool: "bound",
    environment: { VALUE: HOSTILE_TEXT },
    check: (result, runtime) =>
      expect(readBound(result, runtime)).toEqual({
        value: HOSTILE_TEXT,
        // A module is given its name alone.
        arguments: runtime === "wasm" ? [] : ["--unit", "a b"],
      }),
  },
];

/** Defines the suite; the tests share an invoker of `createInvoker`, but for those that close theirs. */
export function invokerContract(
  name: string,
  createInvoker: () => Invoker | Promise<Invoker>,
  { runtimes, testTimeoutMs = 60_000 }: InvokerContractOptions,
): void {
  describe(`${name} keeps the contract of Invoker`, { timeout: testTimeoutMs }, () => {
    const opened: Invoker[] = [];
    const open = async (): Promise<Invoker> => {
      const invoker = await createInvoker();
      opened.push(invoker);
      return invoker;
    };
    let shared: Promise<Invoker> | undefined;
    const share = (): Promise<Invoker> => (shared ??= open());
    afterAll(async () => {
      await Promise.all(opened.map((invoker) => invoker.close()));
    });

    describe.each(runtimes)("in %s", (runtime) => {
      for (const runCase of RUN_CASES) {
        if (runCase.runtimes?.includes(runtime) === false) continue;
        it(`run() ${runCase.title}`, async () => {
          const invoker = await share();
          const result = await invoker.run(await readContractTool(runCase.tool, runtime, runCase.limits), {
            input: runCase.input ?? {},
            environment: runCase.environment ?? {},
            timeoutMs: runCase.timeoutMs ?? 30_000,
          });
          runCase.check(result, runtime);
        });
      }
      defineRunCases(share, runtime);
      defineCloseCases(open, runtime);
    });
  });
}

const call = { input: {}, environment: {}, timeoutMs: 30_000 };

function defineRunCases(share: () => Promise<Invoker>, runtime: ContractRuntime): void {
  it("run() starts afresh when the tool ran before", async () => {
    const invoker = await share();
    const tool = await readContractTool("remember", runtime);
    const first = await invoker.run(tool, call);
    const second = await invoker.run(tool, call);
    expect([toText(first.stdout), toText(second.stdout)]).toEqual(["fresh\n", "fresh\n"]);
  });

  it("run() never mixes calls when many of two tools run at once", async () => {
    const invoker = await share();
    const [echo, bound] = await Promise.all([readContractTool("echo", runtime), readContractTool("bound", runtime)]);
    const runs = Array.from({ length: 6 }, async (_, index) => {
      const echoed = await invoker.run(echo, { ...call, input: { index } });
      const environment = { VALUE: `value ${index}` };
      const told = await invoker.run(bound, { ...call, environment });
      return [JSON.parse(toText(echoed.stdout)), readBound(told, runtime).value];
    });
    expect(await Promise.all(runs)).toEqual(runs.map((_, index) => [{ index }, `value ${index}`]));
  });

  it("run() works when the run before it was cut off", async () => {
    const invoker = await share();
    const loop = await readContractTool("loop", runtime);
    await invoker.run(loop, { ...call, timeoutMs: SHORT_TIMEOUT_MS });
    const result = await invoker.run(await readContractTool("echo", runtime), { ...call, input: { after: true } });
    expect(JSON.parse(toText(result.stdout))).toEqual({ after: true });
  });

  it("run() rejects with the signal's reason when that is aborted before or during the run", async () => {
    const invoker = await share();
    const loop = await readContractTool("loop", runtime);
    const reason = new Error("the user went away");
    await expect(invoker.run(loop, { ...call, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);

    const aborting = new AbortController();
    const running = invoker.run(loop, { ...call, signal: aborting.signal });
    setTimeout(() => aborting.abort(reason), SHORT_TIMEOUT_MS);
    await expect(running).rejects.toBe(reason);
  });
}

function defineCloseCases(open: () => Promise<Invoker>, runtime: ContractRuntime): void {
  it("close() ends all runs, and run() rejects with ERR_POCKET_CLOSED when it comes after", async () => {
    const invoker = await open();
    const loop = await readContractTool("loop", runtime);
    const running = expect(invoker.run(loop, call)).rejects.toMatchObject({ code: "ERR_POCKET_CLOSED" });
    await new Promise((resolve) => setTimeout(resolve, SHORT_TIMEOUT_MS));
    await Promise.all([invoker.close(), invoker.close()]);
    await running;
    await expect(invoker.run(loop, call)).rejects.toMatchObject({ code: "ERR_POCKET_CLOSED" });
    await invoker.close();
  });

  it("warm() neither throws nor disturbs a run when it is called before one, and after close()", async () => {
    const invoker = await open();
    const echo = await readContractTool("echo", runtime);
    invoker.warm(echo);
    const result = await invoker.run(echo, { ...call, input: { warm: true } });
    expect(JSON.parse(toText(result.stdout))).toEqual({ warm: true });
    await invoker.close();
    invoker.warm(echo);
  });
}

/** What the tool "bound" tells: as JSON, or as a module gets its environment. */
function readBound({ stdout }: RunResult, runtime: ContractRuntime): { value: string; arguments: string[] } {
  if (runtime !== "wasm") return JSON.parse(toText(stdout));
  const [, value = ""] = /^VALUE=([^\0]*)\0$/su.exec(toText(stdout)) ?? [];
  return { value, arguments: [] };
}

function toText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

function valueOf(result: RunResult): string {
  if (result.kind !== "exited" || result.value === undefined) throw new Error(`no value in ${JSON.stringify(result)}`);
  return result.value;
}
