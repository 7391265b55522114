/** Components in Chromium: the worlds of Wassette's guide, every type, the host's interfaces, and what goes wrong. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { assembleComponent } from "@toolpocket/test-kit/build-component";
import { fromLocal, type JsonValue, type Outcome, Pocket } from "@toolpocket/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWasmInvoker } from "../../src/index.ts";
import { buildFetcher, buildGuide, buildHostUser, buildRich } from "./test-components.ts";

/** Traps, loops and takes memory, without any runtime of a language. */
const FAULTY = `(component
  (core module $m
    (memory (export "memory") 1)
    (func (export "trap") unreachable)
    (func (export "loop") (loop (br 0)))
    (func $deep (export "deep") (call $deep))
    (func (export "grow") (result i32) (memory.grow (i32.const 60000)))
    (func (export "long") (param i64) (result i64) (local.get 0))
    (func (export "fine") (result i32) (i32.const 7)))
  (core instance $i (instantiate $m))
  (func (export "trap") (canon lift (core func $i "trap")))
  (func (export "loop") (canon lift (core func $i "loop")))
  (func (export "deep") (canon lift (core func $i "deep")))
  (func (export "grow") (result s32) (canon lift (core func $i "grow")))
  (func (export "long") (param "x" u64) (result u64) (canon lift (core func $i "long")))
  (func (export "fine") (result s32) (canon lift (core func $i "fine"))))`;

let folder: string;
let server: Server;
let port: number;
let pocket: Pocket;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "component-runtime-"));
  server = createServer((request, response) => response.end(`you asked for ${request.url}`)).listen(0, "127.0.0.1");
  const [guide, rich, hostUser, fetcher, faulty] = await Promise.all([
    buildGuide(),
    buildRich(),
    buildHostUser(),
    buildFetcher(),
    assembleComponent(FAULTY),
    new Promise((resolve) => server.once("listening", resolve)),
  ]);
  ({ port } = server.address() as AddressInfo);
  await writeTool("guide", guide);
  await writeTool("rich", rich);
  await writeTool(
    "host-user",
    hostUser,
    'name = "host-user"\ndescription = "Uses."\n[component]\n[tool_vars]\nUNIT = "metric"\n',
  );
  await writeTool("fetcher", fetcher);
  await writeTool("faulty", faulty);
  for (const name of ["in", "out"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "in", "a.txt"), "kept");
  const storage = [`read:${join(folder, "in")}`, `write:${join(folder, "out")}`];
  pocket = new Pocket({
    cwd: folder,
    frozen: false,
    invoker: createWasmInvoker(),
    tools: [
      fromLocal(join(folder, "guide"), { allow: { storage } }),
      fromLocal(join(folder, "rich")),
      fromLocal(join(folder, "host-user"), { allow: { storage } }),
      fromLocal(join(folder, "fetcher"), { allow: { network: [`http://127.0.0.1:${port}/open`] } }),
      fromLocal(join(folder, "faulty"), { name: "faulty", limits: { fuel: 1_000_000, maxMemoryBytes: 67_108_864 } }),
    ],
  });
});
afterAll(async () => {
  await pocket?.close();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

async function writeTool(name: string, component: Uint8Array, config?: string): Promise<void> {
  await mkdir(join(folder, name));
  await writeFile(join(folder, name, `${name}.wasm`), component);
  if (config !== undefined) await writeFile(join(folder, name, "config.toml"), config);
}

async function valueOf(name: string, input: JsonValue): Promise<unknown> {
  const outcome = await pocket.invoke(name, input);
  return outcome.status === "ok" ? outcome.value : outcome;
}

const failure = (outcome: Outcome) => (outcome.status === "ok" ? outcome : outcome.error);

describe("the worlds of Wassette's guide", () => {
  test("calculate, process text and tell of files", async () => {
    expect(await valueOf("add", { a: 2, b: 3 })).toBe(5);
    expect(await pocket.invoke("calculate", { expression: "2 + 3 * (4 - 1)" })).toMatchObject({
      status: "ok",
      output: '{"result":11,"expression":"2 + 3 * (4 - 1)"}',
      usage: { fuel: expect.any(Number), peakMemoryBytes: expect.any(Number) },
    });
    expect(await valueOf("process-text", { content: "a b", operation: "word_count" })).toBe(
      '{"operation":"word_count","result":"2"}',
    );
    expect(await valueOf("get-file-info", { filename: "/storage/in/a.txt" })).toBe(
      '{"name":"a.txt","size":4,"extension":".txt","is_file":true}',
    );
  });

  test("give their errors as errors, with the payload", async () => {
    expect(failure(await pocket.invoke("process-text", { content: "", operation: "sing" }))).toMatchObject({
      code: "execution_failed",
      message: "Unknown operation: sing",
      details: { payload: "Unknown operation: sing" },
    });
    expect(failure(await pocket.invoke("calculate-stats", { numbers: [] }))).toMatchObject({
      message: "ValueError: Cannot calculate stats for empty list",
    });
  });

  test("analyze data, records and variants", async () => {
    expect(await valueOf("analyze-csv", { "csv-data": "a,b\n1,2\n" })).toContain('"row_count":1');
    expect(await valueOf("calculate-stats", { numbers: [1, 2, 6] })).toBe('{"count":3,"mean":3,"min":1,"max":6}');
    const user = { name: "Ada", age: 36, email: "ada@example.com" };
    expect(await valueOf("process-user", { user })).toContain('"name":"Ada"');
    expect(await valueOf("handle-event", { event: { tag: "user-login", val: user } })).toBe("User Ada logged in");
    expect(await valueOf("process-batch", { items: ["a", "b"] })).toEqual(["A", "B"]);
    expect(
      failure(await pocket.invoke("handle-event", { event: { tag: "user-login", val: { ...user, id: 1 } } })),
    ).toMatchObject({
      code: "invalid_input",
    });
  });
});

const float32 = fc.float({ noDefaultInfinity: true, noNaN: true }).map((one) => one + 0);
const text = fc.string({ unit: "grapheme" });
const person = fc.record({ "full-name": text, age: fc.nat(255), "e-mail": fc.option(text) });

describe("a component of every type", () => {
  test.each<[string, fc.Arbitrary<unknown[]>]>([
    [
      "integers",
      fc.tuple(
        fc.integer({ min: -128, max: 127 }),
        fc.nat(255),
        fc.integer({ min: -32_768, max: 32_767 }),
        fc.nat(65_535),
        fc.integer(),
        fc.nat(4_294_967_295),
      ),
    ],
    // The engine has 53 bits: what needs more is tried without one, below.
    ["longs", fc.tuple(fc.maxSafeInteger(), fc.maxSafeNat())],
    ["floats", fc.tuple(float32, fc.constantFrom<unknown>(0.1, "NaN", "Infinity", "-Infinity", 1e300))],
    ["text", fc.tuple(fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 1 }), text)],
    [
      "lists",
      fc.tuple(
        fc.array(text, { maxLength: 3 }),
        fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString("base64")),
        fc.array(fc.array(fc.nat(9), { maxLength: 3 }), { maxLength: 3 }),
      ),
    ],
    ["options", fc.tuple(fc.option(text), fc.constantFrom(null, { some: null }, { some: 3 }))],
    [
      "results",
      fc.tuple(
        fc.oneof(fc.record({ ok: fc.nat(255) }), fc.record({ err: text })),
        fc.constantFrom({ ok: null }, { err: null }),
      ),
    ],
    ["enums", fc.tuple(fc.constantFrom("light-red", "green"), fc.subarray(["can-read", "can-write"]))],
  ])("gives back %s as they are", async (name, values) => {
    const keys = name === "enums" ? ["c", "r"] : ["a", "b", "c", "d", "e", "f"];
    for (const given of fc.sample(values, 4)) {
      const input = Object.fromEntries(given.map((value, index) => [keys[index], value])) as JsonValue;
      expect(await valueOf(name, input)).toEqual(given);
    }
  });

  test("gives back records and variants as they are", async () => {
    for (const p of fc.sample(person, 3)) expect(await valueOf("records", { p })).toEqual(p);
    const s = [
      { tag: "circle", val: 1.5 },
      { tag: "square-of", val: { "full-name": "a", age: 1, "e-mail": null } },
      { tag: "nothing" },
    ];
    expect(await valueOf("variants", { s })).toEqual(s);
    expect(await valueOf("a-bool", { x: true })).toBe(true);
    for (const x of ["18446744073709551615", "9007199254740992", 9_007_199_254_740_991, 0]) {
      expect(await valueOf("faulty_long", { x })).toBe(x);
    }
  });
});

describe("a component's host", () => {
  test("has variables as configuration and as environment", async () => {
    expect(await valueOf("variable", { name: "UNIT" })).toEqual(["metric", "metric"]);
    expect(await valueOf("variable", { name: "HOME" })).toEqual([null, null]);
  });

  test("has the granted folders, and takes writes to those that may be written", async () => {
    expect(await valueOf("copy-file", { name: "a.txt", source: "in", target: "out" })).toBe(4);
    expect(await readFile(join(folder, "out", "a.txt"), "utf8")).toBe("kept");
    expect(failure(await pocket.invoke("copy-file", { name: "a.txt", source: "out", target: "in" }))).toMatchObject({
      details: { payload: "read-only" },
    });
    expect(failure(await pocket.invoke("copy-file", { name: "../a.txt", source: "in", target: "out" }))).toMatchObject({
      details: { payload: "not-permitted" },
    });
  });

  test("sends requests through the broker, which refuses what was not granted", async () => {
    const authority = `127.0.0.1:${port}`;
    expect(await valueOf("get", { authority, path: "/open" })).toBe("200 you asked for /open");
    expect(await pocket.invoke("get", { authority, path: "/closed" })).toMatchObject({
      status: "denied",
      error: { code: "permission_denied", details: { payload: "denied" } },
    });
  });

  test("tells how a component ended and what it printed", async () => {
    expect(await pocket.invoke("say", { text: "hello" })).toMatchObject({ status: "ok", output: "hello" });
    expect(await pocket.invoke("leave", { "is-well": true })).toMatchObject({ status: "ok" });
    expect(failure(await pocket.invoke("leave", { "is-well": false }))).toMatchObject({ details: { exitCode: 1 } });
  });

  test("keeps nothing between calls", async () => {
    expect(await valueOf("remember", { text: "a" })).toEqual(["a"]);
    expect(await valueOf("remember", { text: "b" })).toEqual(["b"]);
  });
});

describe("a component that goes wrong", () => {
  test.each([
    ["trap", "execution_failed", /unreachable/u],
    ["loop", "fuel_exhausted", /fuel/u],
    ["deep", "execution_failed", /call stack/u],
  ])("%s is an error, and leaves the next call in peace", async (name, code, message) => {
    expect(failure(await pocket.invoke(`faulty_${name}`, {}))).toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(await valueOf("faulty_fine", {})).toBe(7);
  });

  test("gets no more memory than its limit", async () => {
    expect(await valueOf("faulty_grow", {})).toBe(-1);
  });

  test("is ended at its deadline, in whatever language it was written", async () => {
    expect(failure(await pocket.invoke("spin", {}, { timeoutMs: 700 }))).toMatchObject({ code: "timeout" });
    const failed = await pocket.invoke("fail", {});
    expect(failed).toMatchObject({
      error: { code: "execution_failed" },
      stderr: expect.stringContaining("this is no result"),
    });
    expect(await valueOf("variable", { name: "UNIT" })).toEqual(["metric", "metric"]);
  });
});
