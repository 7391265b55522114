import { describe, expect, test } from "vitest";
import { checkCall, checkPocketOptions, checkRequestOptions, checkSessionOptions } from "../src/check-options.ts";
import { isPocketError } from "../src/errors.ts";
import type { PocketOptions } from "../src/pocket-options.ts";
import { Pocket } from "../src/pocket/pocket.ts";
import { secret } from "../src/secrets/secret-reference.ts";
import { fromFunction, fromGit, fromLocal, fromUrl, type ToolRequestOptions } from "../src/tool-request.ts";

/** As a program in JavaScript may write them. */
const untyped = (options: object): ToolRequestOptions => options;

const anything = (value: unknown): never => value as never;

const ADD = { name: "add", description: "Adds", inputSchema: { type: "object" }, run: () => 1 };

function messageOf(check: () => void): string {
  try {
    check();
    return "";
  } catch (error) {
    if (!isPocketError(error) || error.code !== "ERR_POCKET_SETTINGS_INVALID") throw error;
    return error.message;
  }
}

describe("checkRequestOptions()", () => {
  test.each([
    [{ tool_vars: {} }, 'unknown key "tool_vars", did you mean "toolVars"?'],
    [{ denny: { network: ["a.example"] } }, 'unknown key "denny", did you mean "deny"?'],
    [{ limits: { max_memory_bytes: 1 } }, '[limits] unknown key "max_memory_bytes", did you mean "maxMemoryBytes"?'],
    [{ limits: { maxMemoryBytes: "1GB" } }, '"maxMemoryBytes" must be a positive whole number of bytes, found "1GB"'],
    [{ limits: { timeout: 30 } }, '"timeout" must be a duration, found 30'],
    [{ limits: { timeoutMs: Number.NaN } }, '"timeoutMs" must be a number of milliseconds above zero, found NaN'],
    [{ limits: { fuel: -1 } }, '"fuel" must be a positive whole number, found -1'],
    [{ allow: { netwrk: ["a.example"] } }, '[allow] unknown key "netwrk", did you mean "network"?'],
    [{ allow: { network: "a.example" } }, '"network" must be a list of text, found "a.example"'],
    [{ deny: { env: ["A B"] } }, '"env" holds "A B", which is no env permission'],
    [{ retry: { max_attempts: 2 } }, '[retry] unknown key "max_attempts", did you mean "maxAttempts"?'],
    [{ retry: { jitter: "ful" } }, '"jitter" is "ful", did you mean "full"?'],
    [{ retry: { backoff: "soon" } }, '"backoff" must be a duration, found "soon"'],
    [{ toolVars: ["unit"] }, '"toolVars" must be a table, found a list'],
    [{ toolVars: secret("KEY") }, '"toolVars" must be an object'],
    [{ name: 5 }, '"name" must be text, found 5'],
    [{ description: "of no module" }, 'unknown key "description"'],
  ])("throws ERR_POCKET_SETTINGS_INVALID for %j", (options, words) => {
    const request = fromGit("https://host.example/org/repo", untyped(options));
    expect(messageOf(() => checkRequestOptions(request, "the label"))).toContain(words);
  });

  test("names the key that is near, of the kind that the request is", () => {
    const module = fromUrl("https://host.example/x.wasm", untyped({ input_schema: {} }));
    expect(messageOf(() => checkRequestOptions(module, "x"))).toContain('did you mean "inputSchema"?');
    const git = fromGit("https://host.example/org/repo", untyped({ reff: "main" }));
    expect(messageOf(() => checkRequestOptions(git, "x"))).toContain('did you mean "ref"?');
  });

  test("takes every option that there is, and undefined for none", () => {
    const options = {
      name: "weather",
      toolVars: { unit: "metric", key: secret("KEY") },
      allow: { network: ["api.example:443"], env: ["HOME"], storage: ["read:./data"] },
      deny: { network: ["bad.example"] },
      limits: { timeout: "3s", timeoutMs: 2.5, maxMemoryBytes: 1, maxInputBytes: 1, maxOutputBytes: 1, fuel: 1 },
      retry: { maxAttempts: 2, backoff: "0s", maxBackoff: "1s", jitter: "equal" as const },
    };
    const absent = untyped(Object.fromEntries(Object.keys(options).map((key) => [key, undefined])));
    for (const given of [options, absent]) {
      expect(messageOf(() => checkRequestOptions(fromGit("https://host.example/org/repo", given), "x"))).toBe("");
      expect(messageOf(() => checkRequestOptions(fromLocal("./x", given), "x"))).toBe("");
    }
  });
});

describe("checkPocketOptions()", () => {
  test.each([
    [{ offlin: true }, 'unknown key "offlin", did you mean "offline"?'],
    [{ tools: "https://host.example/org/repo" }, '"tools" must be a list, found "https://host.example/org/repo"'],
    [{ tools: [{ git: "https://host.example/org/repo" }] }, '"tools" must be a list of texts and requests'],
    [{ cwd: 5 }, '"cwd" must be text, found 5'],
    [{ tools: [fromGit(anything(undefined))] }, 'a request of a git tool: "url" is missing'],
    [{ tools: [fromLocal(anything(5))] }, 'fromLocal(…): "path" must be text, found 5'],
    [{ tools: [fromFunction(anything({}))] }, 'fromFunction(…): "name" is missing'],
    [{ tools: [fromFunction(anything(undefined))] }, 'fromFunction(…): "name" is missing'],
    [
      { tools: [fromFunction(anything({ ...ADD, description: undefined }))] },
      '"description" must be text, found nothing',
    ],
    [{ tools: [fromFunction(anything({ ...ADD, run: 1 }))] }, 'fromFunction(…): "run" must be a function, found 1'],
    [{ tools: [fromFunction(anything({ ...ADD, schema: {} }))] }, 'fromFunction(…): unknown key "schema"'],
  ])("throws ERR_POCKET_SETTINGS_INVALID for %j", (options: object, words) => {
    const message = messageOf(() => checkPocketOptions(options));
    expect(message).toContain(words);
    expect(message).not.toContain("but there is");
  });

  test("takes what is right", () => {
    expect(messageOf(() => checkPocketOptions({ tools: ["./x", fromLocal("./x"), fromFunction(ADD)] }))).toBe("");
  });

  test("is what load() does, alone or for each tool", async () => {
    const wrong: PocketOptions = { tools: [fromLocal("./x", untyped({ nam: "x" }))] };
    await expect(new Pocket(wrong).load()).rejects.toMatchObject({
      code: "ERR_POCKET_SETTINGS_INVALID",
      message: './x: unknown key "nam", did you mean "name"?',
    });
    const { signal } = new AbortController();
    await expect(new Pocket({ tools: [], signal, onProgress: () => undefined }).tools()).resolves.toEqual([]);
  });
});

describe("checkCall()", () => {
  test.each([
    [undefined, {}, "the name of a tool must be text, found nothing"],
    ["add", { timeout: 5 }, 'a call has no option "timeout", did you mean "timeoutMs"?'],
  ])("throws a TypeError for %j with %j", (name, options, message) => {
    expect(() => checkCall(name, options)).toThrow(new TypeError(message));
  });

  test("takes both options that there are", () => {
    expect(() => checkCall("add", { timeoutMs: 5, signal: undefined })).not.toThrow();
  });
});

describe("checkSessionOptions()", () => {
  test.each([
    [{ packges: [] }, 'unknown key "packges", did you mean "packages"?'],
    [{ limits: { fuel: 1 } }, '[limits] unknown key "fuel"'],
    [{ limits: { max_calls: 1 } }, '[limits] unknown key "max_calls", did you mean "maxCalls"?'],
    [{ allow: { storage: ["read:."] } }, '[allow] unknown key "storage"'],
  ])("checkSessionOptions() refuses %j", (options, message) => {
    expect(messageOf(() => checkSessionOptions(options as object))).toContain(message);
  });

  test("checkSessionOptions() takes every option, and those that are undefined", () => {
    const options = { tools: [], packages: [], limits: { maxCalls: 1, timeout: "1s" }, allow: { network: [] } };
    expect(() => checkSessionOptions({ ...options, onOutput: undefined } as object)).not.toThrow();
  });
});
