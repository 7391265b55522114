import { describe, expect, it } from "vitest";
import type { RunResult } from "../../src/invoker.ts";
import { OUTCOME_CODES, type OutcomeCode } from "../../src/outcome.ts";
import { shapeOutcome } from "../../src/pocket/shape-outcome.ts";

const OPTIONS = { durationMs: 12, maxOutputBytes: 1_000 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function exited(
  extra: { exitCode?: number; value?: string; stdout?: string | Uint8Array; stderr?: string } = {},
): RunResult {
  const { stdout = "", stderr = "", exitCode = 0, value } = extra;
  return {
    kind: "exited",
    exitCode,
    stdout: typeof stdout === "string" ? bytes(stdout) : stdout,
    stderr: bytes(stderr),
    coldStart: false,
    ...(value !== undefined && { value }),
  };
}

describe("shapeOutcome()", () => {
  it.each(["sunny\n", "sunny\r\n", " sunny ", ""])("gives stdout %j as output, as it is", (stdout) => {
    expect(shapeOutcome(exited({ stdout, stderr: "w\n" }), OPTIONS)).toEqual({
      status: "ok",
      output: stdout,
      stdout,
      stderr: "w\n",
      usage: { durationMs: 12, coldStart: false },
    });
  });

  it("gives the value's JSON as output, digits of big numbers kept, when the tool returned one", () => {
    const value = ' {"id": 12345678901234567890, "é": [null]} ';
    expect(shapeOutcome(exited({ value, stdout: "log\n" }), OPTIONS)).toMatchObject({
      status: "ok",
      output: '{"id": 12345678901234567890, "é": [null]}',
      value: { é: [null] },
      stdout: "log\n",
    });
  });

  it("keeps __proto__ as data when a hostile value holds it", () => {
    const outcome = shapeOutcome(exited({ value: '{"__proto__":{"polluted":true},"a":1}' }), OPTIONS);
    const value = outcome.status === "ok" ? outcome.value : undefined;
    expect(Object.keys(value ?? {})).toEqual(["__proto__", "a"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect("polluted" in {}).toBe(false);
  });

  it.each([
    ["is no JSON", "{a:1}", /no JSON/u],
    ["is two values", "1 2", /no JSON/u],
    ["is empty", "", /no JSON/u],
    ["is NaN", "NaN", /no JSON/u],
    ["is nested without end", `${"[".repeat(900)}${"]".repeat(90)}`, /nested deeper/u],
  ])("is a contract violation when the value %s", (_, value, message) => {
    expect(shapeOutcome(exited({ value }), OPTIONS)).toMatchObject({
      status: "error",
      error: { code: "runtime_policy_invalid", message: expect.stringMatching(message), retryable: false },
    });
  });

  it("counts no brackets inside of strings when it looks for nesting", () => {
    const value = JSON.stringify({ text: "[".repeat(900), quoted: '\\"[{' });
    expect(shapeOutcome(exited({ value }), { ...OPTIONS, maxOutputBytes: 10_000 })).toMatchObject({ status: "ok" });
  });

  it("takes no quadratic time when a hostile value never ends its string", () => {
    const started = performance.now();
    const value = `"${'\\"'.repeat(400_000)}`;
    expect(shapeOutcome(exited({ value }), { ...OPTIONS, maxOutputBytes: 10_000_000 }).status).toBe("error");
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it("is execution_failed with the end of stderr when the tool exits with a code", () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
    const outcome = shapeOutcome(exited({ exitCode: 3, stdout: "part\n", stderr: `${lines.join("\n")}\n` }), OPTIONS);
    expect(outcome).toMatchObject({
      status: "error",
      error: { code: "execution_failed", reason: "tool_backend_failure", retryable: false, details: { exitCode: 3 } },
      stdout: "part\n",
    });
    const message = outcome.status === "ok" ? "" : outcome.error.message;
    expect(message).toMatch(/exited with code 3:\nline 80\n/u);
    expect(message).toMatch(/line 99$/u);
  });

  it("quotes stdout when the tool fails and stderr is blank", () => {
    const outcome = shapeOutcome(exited({ exitCode: 1, stdout: "no such city\n", stderr: "\n" }), OPTIONS);
    expect(outcome).toMatchObject({ error: { message: "the tool exited with code 1:\nno such city" } });
    expect(shapeOutcome(exited({ exitCode: 1 }), OPTIONS)).toMatchObject({
      error: { message: "the tool exited with code 1 and wrote nothing" },
    });
  });

  it.each(Object.keys(OUTCOME_CODES) as OutcomeCode[])(
    "takes reason and retryable from the table when the run failed with %s",
    (code) => {
      const failed: RunResult = {
        kind: "failed",
        code,
        message: "why",
        stdout: bytes("a"),
        stderr: bytes("b"),
        coldStart: true,
      };
      const { reason, retryable } = OUTCOME_CODES[code];
      expect(shapeOutcome(failed, OPTIONS)).toEqual({
        status: code === "permission_denied" ? "denied" : "error",
        error: { code, reason, message: "why", retryable },
        stdout: "a",
        stderr: "b",
        usage: { durationMs: 12, coldStart: true },
      });
      expect(shapeOutcome({ ...failed, retryable: !retryable }, OPTIONS)).toMatchObject({
        error: { retryable: !retryable },
      });
    },
  );

  it("is output_too_large when an invoker let more pass than the limit", () => {
    expect(shapeOutcome(exited({ stdout: "x".repeat(600), value: `"${"y".repeat(600)}"` }), OPTIONS)).toMatchObject({
      error: { code: "output_too_large" },
    });
  });

  it("keeps a byte order mark, and puts U+FFFD where the bytes are no UTF-8", () => {
    const outcome = shapeOutcome(exited({ stdout: Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xff, 0xf0, 0x9f) }), OPTIONS);
    expect(outcome.stdout).toBe("\uFEFFa\uFFFD\uFFFD");
  });

  it("tells the largest memory when the invoker does", () => {
    expect(shapeOutcome({ ...exited(), peakMemoryBytes: 5 }, OPTIONS).usage).toEqual({
      durationMs: 12,
      coldStart: false,
      peakMemoryBytes: 5,
    });
  });
});
