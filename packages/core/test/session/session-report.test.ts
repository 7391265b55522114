/** What a guest tells of a run: whatever it is, the host reads it without harm. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { adviseOnError } from "../../src/session/advice.ts";
import { readSessionReport } from "../../src/session/session-report.ts";

test("readSessionReport() throws for no text, and gives only what belongs there", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.jsonValue().map((value) => JSON.stringify(value)),
      ),
      (text) => {
        expect(readSessionReport(text)?.files ?? []).toBeInstanceOf(Array);
      },
    ),
  );
});

test("readSessionReport() keeps the text when the value is no JSON after all", () => {
  expect(readSessionReport('{"value":{"json":"nope"},"files":[]}')).toEqual({ repr: "nope", files: [] });
  expect(readSessionReport('{"value":{"repr":"<x>"},"files":[]}')).toEqual({ repr: "<x>", files: [] });
});

test.each([
  ["PermissionError", "[Errno 2] network access denied: GET http://a is not granted", /call a tool/u],
  ["URLError", "<urlopen error network access denied: GET http://a>", /call a tool/u],
  ["PermissionError", "[Errno 63] read-only", undefined],
  ["RuntimeError", "can't start new thread", /gather/u],
  ["OSError", "[Errno 138] emscripten does not support processes.", /in Python/u],
  ["OSError", "[Errno 52] Function not implemented", /in Python/u],
  ["TypeError", "get() got an unexpected keyword argument 'town'", /help/u],
  ["TypeError", "get() missing 1 required keyword-only argument: 'city'", /help/u],
  ["EOFError", "EOF when reading a line", /input/u],
  ["TypeError", "object dict can't be used in 'await' expression", /await only/u],
  ["ValueError", "no", undefined],
])("adviseOnError() tells what to do when %s says %j", (type, message, advice) => {
  const told = adviseOnError({ type, message }) ?? "";
  expect(told).toMatch(advice ?? /^$/u);
});

test("adviseOnError() has no advice for types that objects have as members", () => {
  expect(adviseOnError({ type: "constructor", message: "" })).toBeUndefined();
  expect(adviseOnError({ type: "ToolError", message: "", toolCode: "approval_rejected" })).toMatch(/do not try/u);
});
