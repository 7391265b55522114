/** Outcomes of components: values, errors with a payload, and what a guest may forge. */
import type { WitFunction } from "@toolpocket/wit";
import { expect, test } from "vitest";
import { shapeComponentOutcome } from "../../src/component/component-outcome.ts";
import type { RunResult } from "../../src/invoker.ts";

const NOTHING = { stdout: new TextEncoder().encode("said"), stderr: new Uint8Array(), coldStart: false };
const text = { kind: "string" } as const;

function shape(result: WitFunction["result"], value: string | undefined) {
  const run: RunResult = { kind: "exited", exitCode: 0, ...NOTHING, ...(value !== undefined && { value }) };
  const called = { name: "f", parameters: [], ...(result && { result }) };
  return shapeComponentOutcome(run, called, { durationMs: 1, maxOutputBytes: 1_000 });
}

test.each<[string, WitFunction["result"], string | undefined, object]>([
  ["a string is the text a model reads", text, '"{\\"a\\":1}"', { status: "ok", output: '{"a":1}', value: '{"a":1}' }],
  ["another value is its JSON", { kind: "u8" }, "3", { status: "ok", output: "3", value: 3 }],
  ["nothing is what was printed", undefined, undefined, { status: "ok", output: "said" }],
  [
    "ok of a result is its value",
    { kind: "result", ok: text, err: text },
    '{"ok":"yes"}',
    { status: "ok", output: "yes" },
  ],
  ["ok of nothing is what was printed", { kind: "result", err: text }, '{"ok":null}', { status: "ok", output: "said" }],
])("shapeComponentOutcome() does so: %s", (_what, type, value, outcome) => {
  expect(shape(type, value)).toMatchObject(outcome);
});

test("shapeComponentOutcome() makes an error of an err, with its payload", () => {
  const record = { kind: "record", fields: [{ name: "code", type: { kind: "u8" } }] } as const;
  expect(shape({ kind: "result", ok: text, err: text }, '{"err":"no such city"}')).toMatchObject({
    status: "error",
    error: {
      code: "execution_failed",
      reason: "tool_backend_failure",
      message: "no such city",
      details: { payload: "no such city" },
    },
  });
  expect(shape({ kind: "result", err: record }, '{"err":{"code":4}}')).toMatchObject({
    error: { message: '{"code":4}', details: { payload: { code: 4 } } },
  });
  expect(shape({ kind: "result" }, '{"err":null}')).toMatchObject({
    status: "error",
    error: { details: { payload: null } },
  });
});

test.each(['{"ok":1,"err":2}', "[]", '"ok"', "{}"])("shapeComponentOutcome() refuses %s for a result", (value) => {
  expect(shape({ kind: "result", ok: text }, value)).toMatchObject({ error: { code: "runtime_policy_invalid" } });
});
