/** Components in a Pocket: names, the lock, edits, what a run is sent. Without a browser: nothing is run. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildDummy } from "@toolpocket/test-kit/build-component";
import { createFakeInvoker, type FakeInvoker } from "@toolpocket/test-kit/fake-invoker";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { fromFunction, fromLocal, Pocket, syncLock, type ToolRequest } from "../../src/index.ts";

const WIT = `package local:calc;
world calc { export add: func(a: u64, b: u8) -> u64; export negate: func(x: bool) -> bool; }
`;

let calc: Uint8Array;
let single: Uint8Array;
beforeAll(async () => {
  calc = await buildDummy(WIT);
  single = await buildDummy(WIT.replace(/export negate.*;/u, ""));
});

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "component-pocket-"));
  await mkdir(join(cwd, "calc"));
  await writeFile(join(cwd, "calc", "calc.wasm"), calc);
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

function open(tools: ToolRequest[], invoker: FakeInvoker = createFakeInvoker()) {
  return new Pocket({ cwd, frozen: false, tools, invoker });
}

async function namesOf(...tools: ToolRequest[]): Promise<string[]> {
  await using pocket = open(tools);
  return (await pocket.tools()).map(({ name }) => name);
}

test("Pocket names a component's tools as its functions are, under the name that the user gives", async () => {
  expect(await namesOf(fromLocal("calc"))).toEqual(["add", "negate"]);
  expect(await namesOf(fromLocal("calc/calc.wasm", { name: "sums" }))).toEqual(["sums_add", "sums_negate"]);
  await writeFile(join(cwd, "calc", "calc.wasm"), single);
  expect(await namesOf(fromLocal("calc", { name: "sums" }))).toEqual(["sums"]);
});

test("Pocket refuses two tools of one name, one of them a component's, with ERR_POCKET_TOOL_DUPLICATE", async () => {
  const add = fromFunction({ name: "add", description: "Adds.", inputSchema: { type: "object" }, run: () => 1 });
  await expect(namesOf(fromLocal("calc"), add)).rejects.toMatchObject({ code: "ERR_POCKET_TOOL_DUPLICATE" });
});

test("Pocket tells of a component whose tools' names would be too long", async () => {
  await using pocket = open([fromLocal("calc", { name: "x".repeat(62) })]);
  expect(await pocket.brokenTools()).toMatchObject([{ reason: expect.stringContaining("is too long for the name") }]);
});

test("Pocket pins a component once, with what a model reads of all its tools", async () => {
  await syncLock({ cwd, frozen: false, tools: [fromLocal("calc")] });
  expect(await readFile(join(cwd, "pocket.lock"), "utf8")).toContain('name = "calc"\nsource = "local"\npath = "calc"');
});

test("Pocket sends a call of a component its function and its input, all tools in one sandbox", async () => {
  const invoker = createFakeInvoker();
  await using pocket = open([fromLocal("calc")], invoker);
  await pocket.invoke("add", { a: "18446744073709551615", b: 1 }).catch(() => undefined);
  await pocket.invoke("negate", { x: true }).catch(() => undefined);
  expect(invoker.runs.map(({ request }) => request.input)).toEqual([
    { function: 0, input: { a: "18446744073709551615", b: 1 } },
    { function: 1, input: { x: true } },
  ]);
  expect(new Set(invoker.runs.map(({ tool }) => tool.id)).size).toBe(1);
});

test.each([
  [{ a: "18446744073709551616", b: 1 }, /^the input.*\/a: must be a whole number/u],
  [{ a: 1, b: 256 }, /\/b/u],
  [{ a: 1, b: 1, c: 1 }, /\/c/u],
])("Pocket refuses %j for a component before anything starts", async (input, message) => {
  const invoker = createFakeInvoker();
  await using pocket = open([fromLocal("calc")], invoker);
  expect(await pocket.invoke("add", input)).toMatchObject({
    error: { code: "invalid_input", message: expect.stringMatching(message) },
  });
  expect(invoker.runs).toEqual([]);
});

test("Pocket sees the edit of a local component, and tells of a tool that is gone", async () => {
  await using pocket = open([fromLocal("calc")]);
  expect(await pocket.tools()).toHaveLength(2);
  await writeFile(join(cwd, "calc", "calc.wasm"), single);
  expect(await pocket.tools()).toMatchObject([{ name: "add" }]);
  expect(await pocket.brokenTools()).toMatchObject([{ name: "negate", reason: expect.stringContaining("any more") }]);
});

test("Pocket asks for what policy.yaml allows, and holds what it denies", async () => {
  const policy = 'permissions: { network: { allow: [{ host: "*.example.com" }], deny: [{ host: "a.example.com" }] } }';
  await writeFile(join(cwd, "calc", "policy.yaml"), policy);
  await using pocket = open([fromLocal("calc", { allow: { network: ["*.example.com"] } })]);
  expect(await pocket.tools()).toMatchObject([
    {
      permissions: {
        asked: { network: ["*.example.com"] },
        granted: { network: ["*.example.com"] },
        denied: { network: ["a.example.com"] },
      },
    },
    {},
  ]);
});
