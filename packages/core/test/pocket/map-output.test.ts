import { describe, expect, it } from "vitest";
import type { OkOutcome, Outcome } from "../../src/outcome.ts";
import { mapOutput } from "../../src/pocket/map-output.ts";

const OK: OkOutcome = {
  status: "ok",
  output: '{"t":21}',
  value: { t: 21 },
  stdout: "log\n",
  stderr: "",
  usage: { durationMs: 1, coldStart: false },
};

describe("mapOutput()", () => {
  it("replaces output when a mapper gives a string, and keeps the value", async () => {
    expect(await mapOutput(OK, [(output) => output.toUpperCase()])).toEqual({ ...OK, output: '{"T":21}' });
  });

  it("replaces value and output when a mapper gives another JSON value", async () => {
    expect(await mapOutput(OK, [async () => ({ fahrenheit: 70 })])).toEqual({
      ...OK,
      output: '{"fahrenheit":70}',
      value: { fahrenheit: 70 },
    });
  });

  it("applies mappers in order, each on what the one before gave", async () => {
    const mapped = await mapOutput(OK, [
      (_, outcome) => (outcome.status === "ok" ? [outcome.value ?? null] : null),
      (output) => `<${output}>`,
    ]);
    expect(mapped).toMatchObject({ output: '<[{"t":21}]>', value: [{ t: 21 }] });
  });

  it("calls no mapper when the outcome is an error", async () => {
    const failed: Outcome = {
      status: "error",
      error: { code: "timeout", reason: "tool_execution_timeout", message: "late", retryable: true },
      stdout: "",
      stderr: "",
      usage: OK.usage,
    };
    expect(await mapOutput(failed, [() => expect.unreachable()])).toBe(failed);
  });

  it("is execution_failed, and keeps the streams, when a mapper throws or gives what is no JSON", async () => {
    const thrown = await mapOutput(OK, [() => JSON.parse("{")]);
    expect(thrown).toMatchObject({
      status: "error",
      stdout: "log\n",
      error: { code: "execution_failed", message: expect.stringContaining("could not be mapped") },
    });
    const nothing = await mapOutput(OK, [(() => 1n) as never]);
    expect(nothing).toMatchObject({ error: { code: "execution_failed", message: expect.stringContaining("bigint") } });
  });
});
