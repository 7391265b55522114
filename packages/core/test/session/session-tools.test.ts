/** Calls of tools that come from a session's code: what the host lets through, and what it answers. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HostCall } from "../../src/host-service.ts";
import { isJsonObject, type JsonValue } from "../../src/json.ts";
import { type Outcome, toOutcomeError } from "../../src/outcome.ts";
import { PocketError } from "../../src/errors.ts";
import { createApproval } from "../../src/session/approval.ts";
import { createSessionTools, type SessionToolsOptions } from "../../src/session/session-tools.ts";

const USAGE = { durationMs: 1, coldStart: false };
const ok = (output: string, value?: JsonValue): Outcome => ({
  status: "ok",
  output,
  ...(value !== undefined && { value }),
  stdout: "",
  stderr: "",
  usage: USAGE,
});

function createTools(options: Partial<SessionToolsOptions> = {}) {
  return createSessionTools({
    tools: new Set(["weather", "news"]),
    maxCalls: 3,
    maxConcurrentCalls: 2,
    approve: createApproval({}),
    invoke: async () => ok("fine"),
    ...options,
  });
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function callOf(request: JsonValue, more: Partial<HostCall> = {}): HostCall {
  return { request, body: nothing(), signal: new AbortController().signal, ...more };
}

const weather = (input: JsonValue = {}): HostCall => callOf({ tool: "weather", arguments: JSON.stringify(input) });

describe("createSessionTools()", () => {
  it("asks nobody about a call whose input is not valid", async () => {
    let asked = 0;
    const invalid = toOutcomeError("invalid_input", "city: is missing");
    const tools = createTools({
      refuse: async (_name, input) =>
        isJsonObject(input) && "city" in input
          ? undefined
          : { status: "error", error: invalid, stdout: "", stderr: "", usage: USAGE },
      approve: async () => void (asked += 1),
    });
    expect(await tools.service(weather({}))).toMatchObject({ answer: { error: { code: "invalid_input" } } });
    expect(asked).toBe(0);
    expect(await tools.service(weather({ city: "Oslo" }))).toEqual({ answer: { value: "fine" } });
    expect(asked).toBe(1);
    expect(tools.list()).toMatchObject([{ status: "error", code: "invalid_input" }, { status: "ok" }]);
  });

  it.each<[string, Outcome, JsonValue]>([
    ["the value", ok("ignored", { a: 1 }), { a: 1 }],
    ["the structure", ok(' {"a":[1]}\n'), { a: [1] }],
    ["the text", ok("{no json"), "{no json"],
    ["the text", ok("42"), "42"],
  ])("service answers %s of an ok outcome", async (_, outcome, value) => {
    const tools = createTools({ invoke: async () => outcome });
    expect(await tools.service(weather())).toEqual({ answer: { value } });
    expect(tools.list()).toMatchObject([{ tool: "weather", status: "ok" }]);
  });

  it("service answers code, message and details when the tool fails, and lists the call", async () => {
    const error = { code: "invalid_input", reason: "r", message: "no", retryable: false, details: { faults: [] } };
    const tools = createTools({
      invoke: async () => ({ status: "error", error, stdout: "", stderr: "", usage: USAGE }),
    });
    const { reason: _, ...told } = error;
    expect(await tools.service(weather())).toEqual({ answer: { error: told } });
    expect(tools.list()).toMatchObject([{ tool: "weather", status: "error", code: "invalid_input" }]);
  });

  it("service refuses a tool that is not the session's, and names the nearest", async () => {
    const tools = createTools();
    await expect(tools.service(callOf({ tool: "wether", arguments: "{}" }))).rejects.toMatchObject({
      code: "unknown_tool",
      message: 'there is no tool "wether" here, did you mean "weather"?',
    });
    expect(tools.list()).toMatchObject([{ tool: "wether", status: "denied", code: "unknown_tool" }]);
  });

  it("service refuses more calls than maxCalls, unknown ones counted", async () => {
    const tools = createTools();
    await tools.service(weather());
    await tools.service(callOf({ tool: "x", arguments: "{}" })).catch(() => undefined);
    await tools.service(weather());
    await expect(tools.service(weather())).rejects.toMatchObject({ code: "quota_exceeded" });
    expect(tools.list()).toHaveLength(3);
  });

  it("service lets maxConcurrentCalls run at a time", async () => {
    let [live, most] = [0, 0];
    const tools = createTools({
      maxCalls: 20,
      async invoke() {
        live += 1;
        most = Math.max(most, live);
        await new Promise((resolve) => setTimeout(resolve, 2));
        live -= 1;
        return ok("");
      },
    });
    await Promise.all(Array.from({ length: 10 }, () => tools.service(weather())));
    expect(most).toBe(2);
  });

  it("service tells that a tool cannot be had when invoke() throws a PocketError, and gives the place back", async () => {
    const tools = createTools({
      maxCalls: 9,
      maxConcurrentCalls: 1,
      invoke: () => Promise.reject(new PocketError("ERR_POCKET_TOOL_BROKEN", "no schema")),
    });
    const refused = { code: "tool_unavailable", message: "no schema" };
    await expect(tools.service(weather())).rejects.toMatchObject(refused);
    await expect(tools.service(weather())).rejects.toMatchObject(refused);
  });

  it("service reads long arguments from the body", async () => {
    const input = { text: "x".repeat(300_000) };
    const seen: JsonValue[] = [];
    const tools = createTools({ invoke: async (_, given) => ok(String(seen.push(given))) });
    const body = (async function* () {
      yield Buffer.from(JSON.stringify(input));
    })();
    await tools.service(callOf({ tool: "weather" }, { body }));
    expect(seen).toEqual([input]);
  });

  it("service never throws what is no HostCallError when the request is anything", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (request) => {
        await expect(createTools().service(callOf(request as JsonValue))).rejects.toHaveProperty(
          "code",
          "invalid_input",
        );
      }),
    );
    for (const text of ["", "[", "[".repeat(5_000)]) {
      const call = callOf({ tool: "weather", arguments: text });
      await expect(createTools().service(call)).rejects.toHaveProperty("code", "invalid_input");
    }
  });

  it("list() counts a call as aborted when its run has ended", async () => {
    const ended = new AbortController();
    const tools = createTools({
      invoke: (_, __, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    });
    const called = tools.service({ ...weather(), signal: ended.signal });
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(tools.list()).toMatchObject([{ status: "aborted" }]);
    ended.abort();
    await expect(called).rejects.toBeDefined();
    expect(tools.list()).toMatchObject([{ status: "aborted" }]);
  });
});
