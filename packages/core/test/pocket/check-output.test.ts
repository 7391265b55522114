/** What a tool gives is what it announces, or an outcome that says so: nobody behind the Pocket has to find out. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildDummy } from "@toolpocket/test-kit/build-component";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type ExternalResult,
  fromExternal,
  fromLocal,
  type Invoker,
  type JsonSchema,
  type JsonValue,
  Pocket,
} from "../../src/index.ts";

const COUNT: JsonSchema = {
  type: "object",
  properties: { count: { type: "integer" } },
  required: ["count"],
  additionalProperties: false,
};

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "check-output-"));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const counter = (result: Partial<ExternalResult & { ok: true }>, outputSchema = COUNT) =>
  fromExternal({
    name: "count",
    description: "Counts.",
    inputSchema: { type: "object" },
    outputSchema,
    origin: "mcp+stdio:counter#count",
    run: async () => ({ ok: true, output: "1", ...result }),
  });

const open = (...tools: ReturnType<typeof fromExternal>[]) => new Pocket({ cwd, frozen: false, tools });

describe("checkOutput() of a tool that somebody else runs", () => {
  test.each<[JsonValue | undefined, RegExp]>([
    [{ count: "one" }, /^what "count" returned is not what it says of it: \/count: must be integer, found string$/u],
    [{ count: 1, secret: 2 }, /\/secret: must not have the property/u],
    [[], /value: must be object, found array/u],
    [undefined, /value: is missing$/u],
  ])("makes an error of %j", async (value, message) => {
    await using pocket = open(counter(value === undefined ? {} : { value }));
    expect(await pocket.invoke("count", {})).toMatchObject({
      status: "error",
      error: { code: "runtime_policy_invalid", retryable: false, message: expect.stringMatching(message) },
    });
  });

  test("lets pass what is as it says", async () => {
    await using pocket = open(counter({ value: { count: 1 } }));
    expect(await pocket.invoke("count", {})).toMatchObject({ status: "ok", value: { count: 1 } });
    expect(await pocket.tools()).toMatchObject([{ outputSchema: COUNT }]);
  });

  test("gives up on a value that takes too long to check", async () => {
    const schema = { type: "object", properties: { all: { type: "array", uniqueItems: true } } };
    const all = Array.from({ length: 20_000 }, (_, index) => ({ index }));
    await using pocket = open(counter({ value: { all } }, schema));
    expect(await pocket.invoke("count", {})).toMatchObject({
      error: {
        code: "runtime_policy_invalid",
        message: expect.stringContaining("could not be checked within 1000 ms"),
      },
    });
  });

  test("tells some of the faults of a value that has very many", async () => {
    const schema = { type: "object", properties: { all: { type: "array", items: { type: "string" } } } };
    const all = Array.from({ length: 100_000 }, () => 0);
    await using pocket = open(counter({ value: { all } }, schema));
    const outcome = await pocket.invoke("count", {});
    expect(outcome).toMatchObject({
      error: { code: "runtime_policy_invalid", message: expect.stringMatching(/more$/u) },
    });
    expect(JSON.stringify(outcome).length).toBeLessThan(10_000);
  });

  test.each<[string, JsonSchema]>([
    ["is none", { type: "objekt" }],
    ["refers to another place", { type: "object", $ref: "https://example.com/schema.json" }],
  ])("announces no schema that %s, and asks nothing of the value", async (_what, schema) => {
    await using pocket = open(counter({ value: { any: 1 } }, schema));
    const [tool] = await pocket.tools();
    expect(tool).not.toHaveProperty("outputSchema");
    expect(await pocket.invoke("count", {})).toMatchObject({ status: "ok", value: { any: 1 } });
  });

  test("announces nothing where a mapper has the last word, and checks what it is given", async () => {
    await using pocket = open(counter({ value: { count: 1 } }).map(() => [1]));
    const [tool] = await pocket.tools();
    expect(tool).not.toHaveProperty("outputSchema");
    expect(await pocket.invoke("count", {})).toMatchObject({ status: "ok", value: [1] });
    await using other = open(counter({ value: { count: "one" } }).map(() => [1]));
    expect(await other.invoke("count", {})).toMatchObject({ error: { code: "runtime_policy_invalid" } });
  });
});

describe("checkOutput() of a component", () => {
  /** What a page says when its guest has taken it over. */
  const lying = (value: string): Invoker => ({
    run: async () => ({
      kind: "exited",
      exitCode: 0,
      stdout: new Uint8Array(),
      stderr: new Uint8Array(),
      coldStart: false,
      value,
    }),
    warm: () => undefined,
    close: async () => undefined,
  });

  test.each([
    ["256", /must be <= 255/u],
    ['"many"', /must be integer, found string/u],
    ["null", /must be integer, found null/u],
  ])("makes an error of %s for a u8", async (value, message) => {
    const component = await buildDummy("package local:calc; world calc { export count: func() -> u8; }");
    await writeFile(join(cwd, "calc.wasm"), component);
    await using pocket = new Pocket({ cwd, frozen: false, tools: [fromLocal("calc.wasm")], invoker: lying(value) });
    expect(await pocket.invoke("count", {})).toMatchObject({
      error: { code: "runtime_policy_invalid", message: expect.stringMatching(message) },
    });
  });
});
