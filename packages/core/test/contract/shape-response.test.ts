import { describe, expect, it } from "vitest";
import { shapeResponse } from "../../src/contract/shape-response.ts";
import type { RunResult } from "../../src/invoker.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const OK = '{"contract_version":"v1","status":"ok","output":"fine"}';

function shape(stdout: string, result: Partial<RunResult> = {}) {
  const run = { kind: "exited", exitCode: 0, stdout: bytes(stdout), stderr: bytes("seen"), coldStart: false, fuel: 7 };
  return shapeResponse({ ...run, ...result } as RunResult, { tool: "echo", durationMs: 5, maxOutputBytes: 10_000 });
}

describe("shapeResponse()", () => {
  it("gives the response's output, and keeps the streams and the fuel", () => {
    expect(shape(OK)).toEqual({
      status: "ok",
      output: "fine",
      stdout: OK,
      stderr: "seen",
      usage: { durationMs: 5, coldStart: false, fuel: 7 },
    });
  });

  it("keeps the host's own details when the tool writes them too", () => {
    const details = { tool: "other", isolation_mode: "none", module_status: "ok", contract_version: "v9", hint: "h" };
    const response = { contract_version: "v1", status: "error", error: { code: "c", message: "m", details } };
    expect(shape(JSON.stringify(response))).toMatchObject({
      status: "error",
      error: {
        details: { tool: "echo", isolation_mode: "wasm", module_status: "error", contract_version: "v1", hint: "h" },
      },
    });
  });

  it("is denied when the tool denies the call, whatever code it gives", () => {
    const response = { contract_version: "v1", status: "denied", error: { code: "quota", message: "no" } };
    expect(shape(JSON.stringify(response))).toMatchObject({ status: "denied", error: { code: "quota" } });
  });

  it("is runtime_policy_invalid when the contract is broken, and keeps what was written", () => {
    expect(shape("hello")).toMatchObject({
      status: "error",
      error: {
        code: "runtime_policy_invalid",
        reason: "tool_runtime_policy_invalid",
        retryable: false,
        details: { module_status: "contract_violation", tool: "echo" },
      },
      stdout: "hello",
      stderr: "seen",
    });
  });

  it("does not believe a result when the run failed after writing it", () => {
    expect(shape(OK, { exitCode: 3 })).toMatchObject({
      status: "error",
      error: { code: "execution_failed", message: "the tool exited with code 3:\nseen", details: { exitCode: 3 } },
      stdout: OK,
    });
    const trapped = { kind: "failed", code: "execution_failed", message: "the module trapped: unreachable" } as const;
    expect(shape(OK, trapped)).toMatchObject({
      status: "error",
      error: { code: trapped.code, message: trapped.message },
      stdout: OK,
    });
  });
});
