/** A session on the host: when its instance is fresh, and which sandbox it runs in. */
import type { RunRequest, RunResult } from "@toolpocket/core";
import { expect, test, vi } from "vitest";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { createSandboxSession } from "../../src/sandbox/sandbox-session.ts";
import { createPythonTool } from "../python-tool.ts";

const REQUEST: RunRequest = { input: {}, environment: {}, timeoutMs: 1_000 };
const STREAMS = { stdout: new Uint8Array(0), stderr: new Uint8Array(0), coldStart: false };
const EXITED: RunResult = { kind: "exited", exitCode: 0, ...STREAMS };
const LOST: RunResult = { kind: "failed", code: "timeout", message: "late", ...STREAMS };

function open(results: readonly (RunResult | Error)[]) {
  const left = [...results];
  const gone: PromiseWithResolvers<void>[] = [];
  const [resets, closes, release] = [vi.fn<() => void>(), vi.fn<() => void>(), vi.fn<() => void>()];
  const lease = async (): Promise<Sandbox> => {
    const ending = Promise.withResolvers<void>();
    gone.push(ending);
    return {
      runtime: "python",
      gone: ending.promise,
      boot: () => undefined,
      bind: () => undefined,
      async run() {
        const result = left.shift() ?? EXITED;
        if (result instanceof Error) throw result;
        return result;
      },
      reset: resets,
      makeSnapshot: () => Promise.reject(new Error("no session makes one")),
      close: async () => closes(),
    };
  };
  const session = createSandboxSession({ tool: createPythonTool(""), lease, release });
  return { session, gone, resets, closes, release };
}

test("createSandboxSession() is fresh at its first run, and after an instance was lost, reset or crashed with its sandbox", async () => {
  const { session, gone, resets } = open([EXITED, EXITED, LOST, EXITED, EXITED, new Error("crash"), EXITED]);
  const fresh: (boolean | string)[] = [];
  const run = async (): Promise<void> => {
    fresh.push(await session.run(REQUEST).then(({ isFresh }) => isFresh, String));
  };
  await run();
  await run();
  await run();
  await run();
  session.reset();
  await run();
  await run();
  await run();
  expect(fresh).toEqual([true, false, false, true, true, "Error: crash", true]);
  expect(resets).toHaveBeenCalledOnce();
  expect(gone).toHaveLength(1);
  gone[0]?.resolve();
  await Promise.resolve();
  await run();
  expect([fresh.at(-1), gone.length]).toEqual([true, 2]);
});

test("close() frees place and sandbox once, and runs throw ERR_POCKET_CLOSED from then on", async () => {
  const { session, closes, release } = open([]);
  await session.run(REQUEST);
  await Promise.all([session.close(), session.close()]);
  expect([closes.mock.calls.length, release.mock.calls.length]).toEqual([1, 1]);
  await expect(session.run(REQUEST)).rejects.toMatchObject({ code: "ERR_POCKET_CLOSED" });
});

test("close() starts nothing when the session never ran", async () => {
  const { session, gone, release } = open([]);
  await session.close();
  expect([gone.length, release.mock.calls.length]).toEqual([0, 1]);
});
