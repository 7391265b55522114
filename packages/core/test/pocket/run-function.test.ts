import { describe, expect, it } from "vitest";
import { runFunction } from "../../src/pocket/run-function.ts";
import type { FunctionDefinition } from "../../src/tool-request.ts";

function define(run: FunctionDefinition["run"]): FunctionDefinition {
  return { name: "add", description: "Adds", inputSchema: { type: "object" }, run };
}

describe("runFunction()", () => {
  it("gives the returned value and its JSON", async () => {
    const add = define(async ({ a, b }: { a: number; b: number }) => ({ sum: a + b }));
    expect(await runFunction(add, { a: 1, b: 2 }, { timeoutMs: 1_000 })).toEqual({
      status: "ok",
      output: '{"sum":3}',
      value: { sum: 3 },
      stdout: "",
      stderr: "",
      usage: { durationMs: expect.any(Number), coldStart: false },
    });
  });

  it("gives null when nothing is returned, and JSON text when a string is", async () => {
    expect(
      await runFunction(
        define(() => undefined),
        {},
        { timeoutMs: 1_000 },
      ),
    ).toMatchObject({ output: "null", value: null });
    expect(
      await runFunction(
        define(() => "hi"),
        {},
        { timeoutMs: 1_000 },
      ),
    ).toMatchObject({ output: '"hi"', value: "hi" });
  });

  it("is execution_failed with the message when the function throws, at once or later", async () => {
    const thrower = define(() => {
      throw new Error("no such city");
    });
    const failed = { status: "error", error: { code: "execution_failed", message: "no such city", retryable: false } };
    expect(await runFunction(thrower, {}, { timeoutMs: 1_000 })).toMatchObject(failed);
    const rejecter = define(async () => Promise.reject(new Error("no such city")));
    expect(await runFunction(rejecter, {}, { timeoutMs: 1_000 })).toMatchObject(failed);
    const text = define(() => Promise.reject("plain text"));
    expect(await runFunction(text, {}, { timeoutMs: 1_000 })).toMatchObject({
      error: { message: "the function threw plain text" },
    });
  });

  it.each([
    ["a bigint", () => ({ big: 1n }), /\/big: must be JSON, found a bigint/u],
    ["a function", () => [() => 1], /\/0: must be JSON, found a function/u],
    ["a class instance", () => new Map(), /must be JSON, found a Map/u],
    [
      "a cycle",
      () => {
        const value: { self?: unknown } = {};
        value.self = value;
        return value;
      },
      /nested deeper/u,
    ],
  ])("is execution_failed with the place when the function returns %s", async (_, run, message) => {
    expect(await runFunction(define(run), {}, { timeoutMs: 1_000 })).toMatchObject({
      error: { code: "execution_failed", message: expect.stringMatching(message) },
    });
  });

  it("is timeout, and fires the function's signal, when it runs past the deadline", async () => {
    let fired = false;
    const slow = define(async (_, { signal }) => {
      signal.addEventListener("abort", () => (fired = true));
      await new Promise(() => {});
    });
    expect(await runFunction(slow, {}, { timeoutMs: 30 })).toMatchObject({
      error: { code: "timeout", retryable: true },
    });
    expect(fired).toBe(true);
  });

  it("rejects with the caller's reason when that is aborted before or during the call", async () => {
    const reason = new Error("the user went away");
    const slow = define(async () => new Promise(() => {}));
    await expect(runFunction(slow, {}, { timeoutMs: 1_000, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const aborting = new AbortController();
    const running = runFunction(slow, {}, { timeoutMs: 1_000, signal: aborting.signal });
    aborting.abort(reason);
    await expect(running).rejects.toBe(reason);
  });
});
