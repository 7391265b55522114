/** One run on the host: it settles once, in bounded time, whatever its page says or leaves unsaid. */
import { PocketError } from "@toolpocket/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HostCalls } from "../../src/sandbox/host-calls.ts";
import {
  createSandboxRun,
  INTERRUPT_GRACE_MS,
  type SandboxRunOptions,
  START_TIMEOUT_MS,
  STOP_GRACE_MS,
} from "../../src/sandbox/sandbox-run.ts";

const ID = { id: "run" };
const EXITED = { type: "exited", ...ID, exitCode: 0, hasValue: false, waited: false } as const;
const TIMEOUT_MS = 5_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start(more: Partial<SandboxRunOptions> = {}) {
  const stop = vi.fn<() => void>();
  const abandon = vi.fn<() => void>();
  const calls = { receive: vi.fn<HostCalls["receive"]>(() => true), end: vi.fn<() => void>() };
  const run = createSandboxRun({
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: 10,
    coldStart: false,
    calls,
    stop,
    abandon,
    ...more,
  });
  let settled = 0;
  run.result.then(
    () => (settled += 1),
    () => (settled += 1),
  );
  return { run, stop, abandon, calls, settled: () => settled };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("createSandboxRun()", () => {
  it("result has exit code, streams, value and measures when the tool exits", async () => {
    const { run } = start();
    run.receive({ type: "started", ...ID }, []);
    run.receive({ type: "output", ...ID }, [bytes("a"), bytes("x")]);
    run.receive({ ...EXITED, exitCode: 3, hasValue: true, waited: true, peakMemoryBytes: 7 }, [
      bytes("b"),
      bytes("y"),
      bytes('"é"'),
    ]);
    expect(await run.result).toEqual({
      kind: "exited",
      exitCode: 3,
      stdout: Buffer.from("ab"),
      stderr: Buffer.from("xy"),
      value: '"é"',
      coldStart: true,
      peakMemoryBytes: 7,
    });
  });

  it("result stays the first one when the page sends more ends", async () => {
    const { run, stop, abandon } = start();
    run.receive({ ...EXITED, exitCode: 1 }, [bytes("first"), bytes("")]);
    run.receive({ ...EXITED, exitCode: 2 }, [bytes("x"), bytes("")]);
    run.receive({ type: "failed", ...ID, code: "execution_failed", message: "no", waited: false }, [
      bytes(""),
      bytes(""),
    ]);
    run.lose({ code: "execution_failed", message: "crashed" });
    await vi.advanceTimersByTimeAsync(START_TIMEOUT_MS * 3);
    expect(await run.result).toMatchObject({ exitCode: 1, stdout: Buffer.from("first") });
    expect(stop).not.toHaveBeenCalled();
    expect(abandon).not.toHaveBeenCalled();
  });

  it("result is a timeout with what was written when the page stops the run at its deadline", async () => {
    const { run, stop, abandon, settled } = start();
    run.receive({ type: "started", ...ID }, []);
    run.receive({ type: "output", ...ID }, [bytes("so far"), bytes("")]);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS - 1);
    expect(stop).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(stop).toHaveBeenCalledOnce();
    expect(settled()).toBe(0);
    run.receive({ type: "stopped", ...ID }, []);
    expect(await run.result).toMatchObject({ kind: "failed", code: "timeout", stdout: Buffer.from("so far") });
    await vi.advanceTimersByTimeAsync(STOP_GRACE_MS * 2);
    expect(abandon).not.toHaveBeenCalled();
  });

  it("result is a timeout, and the sandbox is abandoned, when the page does not stop the run", async () => {
    const { run, abandon } = start();
    run.receive({ type: "started", ...ID }, []);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS + STOP_GRACE_MS);
    expect(await run.result).toMatchObject({ kind: "failed", code: "timeout" });
    expect(abandon).toHaveBeenCalledOnce();
  });

  it("result comes in bounded time when the page withholds that it has started", async () => {
    const { run, abandon } = start();
    await vi.advanceTimersByTimeAsync(START_TIMEOUT_MS + STOP_GRACE_MS);
    expect(await run.result).toMatchObject({ kind: "failed", code: "isolation_unavailable", retryable: true });
    expect(abandon).toHaveBeenCalledOnce();
  });

  it("result comes in bounded time when the page says again and again that it has started", async () => {
    const { run, settled } = start();
    for (let elapsed = 0; elapsed <= TIMEOUT_MS + STOP_GRACE_MS; elapsed += 500) {
      run.receive({ type: "started", ...ID }, []);
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(settled()).toBe(1);
    expect(await run.result).toMatchObject({ code: "timeout" });
  });

  it("result is the timeout when the tool's own end comes after the stop", async () => {
    const { run } = start();
    run.receive({ type: "started", ...ID }, []);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    run.receive(EXITED, [bytes("late"), bytes("")]);
    run.receive({ type: "stopped", ...ID }, []);
    expect(await run.result).toMatchObject({ kind: "failed", code: "timeout", stdout: Buffer.from("") });
  });

  it("result ignores that the page has stopped the run when it was not asked to", async () => {
    const { run, settled } = start();
    run.receive({ type: "stopped", ...ID }, []);
    await vi.advanceTimersByTimeAsync(1);
    expect(settled()).toBe(0);
    run.receive(EXITED, [bytes(""), bytes("")]);
    expect(await run.result).toMatchObject({ kind: "exited" });
  });

  it("result rejects with the signal's reason when the page stops the aborted run, or does not", async () => {
    for (const answers of [true, false]) {
      const aborting = new AbortController();
      const reason = new Error("the user went away");
      const { run, stop, abandon } = start({ signal: aborting.signal });
      run.receive({ type: "started", ...ID }, []);
      aborting.abort(reason);
      expect(stop).toHaveBeenCalledOnce();
      if (answers) run.receive({ type: "stopped", ...ID }, []);
      else void vi.advanceTimersByTimeAsync(STOP_GRACE_MS);
      await expect(run.result).rejects.toBe(reason);
      expect(abandon).toHaveBeenCalledTimes(answers ? 0 : 1);
    }
  });

  it("result rejects with the signal's reason when the run is aborted while a timeout stops it", async () => {
    const aborting = new AbortController();
    const { run } = start({ signal: aborting.signal });
    run.receive({ type: "started", ...ID }, []);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    aborting.abort(new Error("gone"));
    run.receive({ type: "stopped", ...ID }, []);
    await expect(run.result).rejects.toThrow("gone");
  });

  it("result does not hear of an abort when the run is over", async () => {
    const aborting = new AbortController();
    const { run, stop } = start({ signal: aborting.signal });
    run.receive(EXITED, [bytes(""), bytes("")]);
    aborting.abort();
    expect(stop).not.toHaveBeenCalled();
    expect(await run.result).toMatchObject({ kind: "exited" });
  });

  it("lose() fails the run with what was written when the sandbox has crashed", async () => {
    const { run } = start({ coldStart: true });
    run.receive({ type: "output", ...ID }, [bytes("a"), bytes("b")]);
    run.lose({ code: "execution_failed", message: "crashed" });
    expect(await run.result).toEqual({
      kind: "failed",
      code: "execution_failed",
      message: "crashed",
      stdout: Buffer.from("a"),
      stderr: Buffer.from("b"),
      coldStart: true,
    });
  });

  it("lose() rejects the run when it is given an error", async () => {
    const { run } = start();
    run.lose(new PocketError("ERR_POCKET_CLOSED", "the invoker is closed"));
    await expect(run.result).rejects.toMatchObject({ code: "ERR_POCKET_CLOSED" });
  });

  it("lose() ends the run as it was to end when it was being stopped", async () => {
    const { run } = start();
    run.receive({ type: "started", ...ID }, []);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    run.lose({ code: "execution_failed", message: "crashed" });
    expect(await run.result).toMatchObject({ code: "timeout" });
  });

  it.each([
    ["stdout is too long", [bytes("0123456789"), bytes("")], [bytes("x"), bytes("")]],
    ["the value makes it too long", [bytes("0123456"), bytes("")], [bytes(""), bytes(""), bytes("1234")]],
  ])(
    "result fails with output_too_large and never more bytes when a page does not count, and %s",
    async (_why, output, end) => {
      const { run } = start();
      run.receive({ type: "output", ...ID }, output);
      run.receive({ ...EXITED, hasValue: end.length === 3 }, end);
      const result = await run.result;
      expect(result).toMatchObject({ kind: "failed", code: "output_too_large" });
      expect(result.stdout.length).toBeLessThanOrEqual(10);
    },
  );

  it("result fails with output_too_large, and the run is stopped, when a page sends output without end", async () => {
    const { run, stop } = start();
    for (let count = 0; count < 1_000; count += 1) run.receive({ type: "output", ...ID }, [bytes("xxx"), bytes("yyy")]);
    expect(stop).toHaveBeenCalledOnce();
    run.receive({ type: "stopped", ...ID }, []);
    expect(await run.result).toMatchObject({
      code: "output_too_large",
      stdout: Buffer.from("xxxxxxxxxx"),
      stderr: Buffer.from("yyyyyyyyyy"),
    });
  });

  it("calls end when the tool exits, and as soon as it is to stop", async () => {
    const exited = start();
    exited.run.receive(EXITED, [bytes(""), bytes("")]);
    expect(exited.calls.end).toHaveBeenCalled();
    const late = start();
    late.run.receive({ type: "started", ...ID }, []);
    vi.advanceTimersByTime(TIMEOUT_MS);
    expect(late.calls.end).toHaveBeenCalled();
    expect(late.settled()).toBe(0);
  });

  it("result is runtime_policy_invalid when a call to the host breaks the protocol", async () => {
    const { run, calls, stop } = start();
    const message = { type: "call-cancel", call: 1 } as const;
    run.receive({ type: "host-call", ...ID, message }, []);
    expect(stop).not.toHaveBeenCalled();
    calls.receive.mockReturnValue(false);
    run.receive({ type: "host-call", ...ID, message }, []);
    run.receive({ type: "stopped", ...ID }, []);
    expect(await run.result).toMatchObject({ kind: "failed", code: "runtime_policy_invalid" });
  });
});

describe("createSandboxRun() of a session", () => {
  function startSession() {
    const interrupt = vi.fn<() => void>();
    return { interrupt, ...start({ interrupt }) };
  }

  it("is interrupted at its deadline, calls given up, and its result says why when the program ends by itself", async () => {
    const { run, interrupt, stop, calls } = startSession();
    run.receive({ type: "started", ...ID }, []);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    expect([interrupt, calls.end, stop].map((called) => called.mock.calls.length)).toEqual([1, 1, 0]);
    run.receive({ type: "output", ...ID }, [bytes("last"), bytes("")]);
    run.receive(EXITED, [bytes(""), bytes("")]);
    expect(await run.result).toMatchObject({
      kind: "exited",
      stdout: Buffer.from("last"),
      interrupted: { code: "timeout", message: `the tool did not finish within ${TIMEOUT_MS} ms` },
    });
  });

  it("has failed when its page had to stop it", async () => {
    const { run } = startSession();
    run.receive({ type: "started", ...ID }, []);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    run.receive({ type: "stopped", ...ID }, []);
    expect(await run.result).toMatchObject({ kind: "failed", code: "timeout" });
  });

  it("abandons its sandbox when the page neither interrupts nor stops it", async () => {
    const { run, stop, abandon } = startSession();
    run.receive({ type: "started", ...ID }, []);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS + INTERRUPT_GRACE_MS + 2 * STOP_GRACE_MS);
    expect([stop, abandon].map((called) => called.mock.calls.length)).toEqual([1, 1]);
    expect(await run.result).toMatchObject({ kind: "failed", code: "timeout" });
  });

  it("resolves as canceled when it is aborted and the program ends by itself", async () => {
    const aborting = new AbortController();
    const interrupt = vi.fn<() => void>();
    const { run } = start({ interrupt, signal: aborting.signal });
    run.receive({ type: "started", ...ID }, []);
    aborting.abort();
    aborting.abort();
    run.receive(EXITED, [bytes(""), bytes("")]);
    expect(await run.result).toMatchObject({ kind: "exited", interrupted: { code: "canceled" } });
    expect(interrupt).toHaveBeenCalledOnce();
  });

  it("counts no time while its clock is held", async () => {
    const { run, interrupt } = startSession();
    run.receive({ type: "started", ...ID }, []);
    const release = run.holdClock();
    await vi.advanceTimersByTimeAsync(10 * TIMEOUT_MS);
    expect(interrupt).not.toHaveBeenCalled();
    release();
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    expect(interrupt).toHaveBeenCalledOnce();
  });

  it("hands on what it keeps of the output, and no more", async () => {
    const heard: string[] = [];
    const { run } = start({ onOutput: (stdout) => void heard.push(Buffer.from(stdout).toString()) });
    run.receive({ type: "output", ...ID }, [bytes("12345678"), bytes("")]);
    run.receive({ type: "output", ...ID }, [bytes("90abc"), bytes("")]);
    expect(heard).toEqual(["12345678", "90"]);
  });
});
