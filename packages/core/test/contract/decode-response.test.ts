import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ContractResponse, decodeResponse } from "../../src/contract/decode-response.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (response: object | string): ContractResponse =>
  decodeResponse(
    encode(typeof response === "string" ? response : JSON.stringify({ contract_version: "v1", ...response })),
  );

const ACCEPTED: Readonly<Record<string, [given: object | string, expected: ContractResponse]>> = {
  "an output": [
    { status: "ok", output: "sunny" },
    { status: "ok", output: "sunny" },
  ],
  "white space around it": [
    ' \r\n\t\u00a0{"contract_version":"v1","status":"ok","output":"x"}\n\n',
    { status: "ok", output: "x" },
  ],
  "version and status in other case, with space": [
    { contract_version: " V1 ", status: "\tOK\n", output: "x" },
    { status: "ok", output: "x" },
  ],
  "ok without output": [{ status: "ok" }, { status: "ok", output: "" }],
  "ok with output null": [
    { status: "ok", output: null },
    { status: "ok", output: "" },
  ],
  "ok with an error": [
    { status: "ok", output: "x", error: { code: "ignored" } },
    { status: "ok", output: "x" },
  ],
  "unknown fields": [
    { status: "ok", output: "x", trace: { id: 1 }, __proto: 1 },
    { status: "ok", output: "x" },
  ],
  "error without an error object": [
    { status: "error" },
    {
      status: "error",
      error: {
        code: "execution_failed",
        reason: "tool_backend_failure",
        message: "the tool failed without saying why",
        retryable: true,
      },
    },
  ],
  "denied without an error object": [
    { status: "denied", error: null },
    {
      status: "denied",
      error: {
        code: "permission_denied",
        reason: "tool_permission_denied",
        message: "the tool denied the call",
        retryable: false,
      },
    },
  ],
  "an error of the tool's own words": [
    {
      status: "error",
      error: {
        code: " Rate_Limited ",
        reason: "Upstream",
        message: "try again in 5s",
        retryable: true,
        details: { a: "1" },
      },
    },
    {
      status: "error",
      error: {
        code: "rate_limited",
        reason: "upstream",
        message: "try again in 5s",
        retryable: true,
        details: { a: "1" },
      },
    },
  ],
  "an error that does not say whether it is retryable": [
    { status: "error", error: { code: "broken", message: "m" } },
    { status: "error", error: { code: "broken", reason: "tool_backend_failure", message: "m", retryable: false } },
  ],
};

const REFUSED: Readonly<Record<string, [given: object | string, message: RegExp]>> = {
  nothing: ["", /wrote nothing/u],
  "white space": [" \n", /wrote nothing/u],
  "a log line before it": ['starting\n{"contract_version":"v1"}', /line 1, column 1: .*found "starting/u],
  "a log line after it": ['{"contract_version":"v1","status":"ok"}\ndone', /line 2, column 1: .*found "done"/u],
  "two values": ['{"contract_version":"v1","status":"ok"} {"status":"ok"}', /line 1, column 41: .*found "\{/u],
  "a value that ends early": ['{"contract_version":"v1",', /the output ends/u],
  "a byte order mark": ['\uFEFF{"contract_version":"v1","status":"ok"}', /line 1, column 1: .*U\+FEFF/u],
  "a list": ["[]", /one JSON object, found a list/u],
  text: ['"ok"', /one JSON object, found "ok"/u],
  null: ["null", /one JSON object, found null/u],
  "deep nesting": ["[".repeat(100_000), /nested deeper/u],
  "no version": ['{"status":"ok"}', /"contract_version" is missing/u],
  "another version": [{ contract_version: "v2", status: "ok" }, /"contract_version" is "v2", which is not supported/u],
  "a version that is a number": [{ contract_version: 1, status: "ok" }, /"contract_version" must be text, found 1/u],
  "no status": [{ output: "x" }, /"status" is missing/u],
  "a mistyped status": [{ status: "eror" }, /"status" is "eror", did you mean "error"\?/u],
  "output that is no text": [{ status: "ok", output: { a: 1 } }, /"output" must be text, found a table/u],
  "an error that is text": [{ status: "error", error: "broken" }, /"error" must be an object/u],
  "retryable that is text": [
    { status: "error", error: { retryable: "true" } },
    /"error.retryable" must be true or false/u,
  ],
  "details that are no text": [{ status: "error", error: { details: { n: 1 } } }, /found 1 for "n"/u],
};

describe("decodeResponse()", () => {
  it.each(Object.entries(ACCEPTED))("takes %s", (_name, [given, expected]) => {
    expect(decode(given)).toEqual(expected);
  });

  it.each(Object.entries(REFUSED))("calls %s a violation, and says where it is", (_name, [given, message]) => {
    expect(decode(given)).toEqual({ status: "violation", message: expect.stringMatching(message) });
  });

  it("names the place of the first byte that is not UTF-8", () => {
    const bytes = new Uint8Array([...encode('{"contract_version":"v1",\n"output":"é'), 0xc3, 0x28]);
    expect(decodeResponse(bytes)).toEqual({
      status: "violation",
      message: "its stdout is not UTF-8 from line 2, column 12 on",
    });
  });

  it("takes time in proportion to what a hostile module writes", () => {
    const started = performance.now();
    expect(decode(`{${" ".repeat(1_000_000)}}`).status).toBe("violation");
    expect(decode(`${"\n".repeat(1_000_000)}{`).status).toBe("violation");
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it("never throws, and gives back any output as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.uint8Array(), (output, bytes) => {
        expect(decode({ status: "ok", output })).toEqual({ status: "ok", output });
        expect(["ok", "error", "denied", "violation"]).toContain(decodeResponse(bytes).status);
      }),
    );
  });
});
