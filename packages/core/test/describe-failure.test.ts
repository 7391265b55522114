import { type FailedOutcome, OUTCOME_CODES, type OutcomeCode, toOutcomeError } from "@toolpocket/core";
import { expect, test } from "vitest";
import { describeFailure } from "../src/index.ts";

const failure = (code: OutcomeCode, message: string, stderr = ""): FailedOutcome => ({
  status: code === "permission_denied" ? "denied" : "error",
  error: toOutcomeError(code, message),
  stdout: "",
  stderr,
  usage: { durationMs: 1, coldStart: false },
});

test("describeFailure() names the tool, the code and what to do when an input is not valid", () => {
  expect(describeFailure("climate", failure("invalid_input", "/city: must be string"))).toBe(
    'The tool "climate" failed (invalid_input): /city: must be string\nCorrect the named arguments and call the tool again.',
  );
});

test("describeFailure() says denied when a permission was missing", () => {
  expect(describeFailure("post", failure("permission_denied", "no network"))).toMatch(
    /^The tool "post" was denied \(permission_denied\)/u,
  );
});

test("describeFailure() quotes the last lines of standard error when the message does not", () => {
  const stderr = Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n");
  const lines = describeFailure("climate", failure("timeout", "it ran longer than 10 ms", stderr)).split("\n");
  expect(lines.slice(1, -1)).toEqual(["Its standard error ends with:", ...stderr.split("\n").slice(-10)]);
});

test("describeFailure() does not repeat standard error when the message ends with it", () => {
  const text = describeFailure(
    "climate",
    failure("execution_failed", "exited with code 1:\nValueError: bad", "ValueError: bad\n"),
  );
  expect(text.match(/ValueError/gu)).toHaveLength(1);
});

test("describeFailure() cuts a line of standard error when it is very long", () => {
  expect(describeFailure("climate", failure("timeout", "too long", "x".repeat(100_000))).length).toBeLessThan(2_500);
});

test.each(Object.keys(OUTCOME_CODES) as OutcomeCode[])(
  "describeFailure() ends with advice when the code is %s",
  (code) => {
    expect(describeFailure("climate", failure(code, "why")).split("\n").at(-1)).toMatch(/^[A-Z].+\.$/u);
  },
);

test("describeFailure() advises by retryable when the code is the tool's own", () => {
  const own = (retryable: boolean): FailedOutcome => ({
    ...failure("timeout", "no such city"),
    error: { code: "no_such_city", reason: "tool_error", message: "no such city", retryable },
  });
  expect(describeFailure("climate", own(true))).toContain("Call it again, or");
  expect(describeFailure("climate", own(false))).toContain("only with other arguments");
});
