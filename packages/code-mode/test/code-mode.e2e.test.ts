/** Code mode in real Chromium: a scripted model solves a task over 200 tools; the interfaces' calls; `ToolIsCode`. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Tiktoken } from "js-tiktoken/lite";
import o200k from "js-tiktoken/ranks/o200k_base";
import { Pocket, type ToolRequest } from "toolpocket";
import { createWasmInvoker } from "@toolpocket/wasm-invoker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeTools, ToolIsCode } from "../src/index.ts";
import { createOfficeTools, lateOrders, solveTask } from "./order-tools.ts";

const TOKEN_GOAL = 20;
const tokenizer = new Tiktoken(o200k);
const countTokens = (text: string): number => tokenizer.encode(text, [], []).length;
const invoker = createWasmInvoker({ keepSpare: false });
let cwd: string;
let pocket: Pocket;

/** A Pocket on the browser that the tests share; only the first one closes it. */
const openPocket = (tools: readonly ToolRequest[]): Pocket =>
  new Pocket({ cwd, tools, invoker: { ...invoker, close: async () => undefined } });

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "code-mode-"));
  pocket = openPocket(createOfficeTools());
});
afterAll(async () => {
  await pocket.close();
  await invoker.close();
  await rm(cwd, { recursive: true, force: true });
});

describe("a model with 200 tools", () => {
  it(`solves its task, and sees ${TOKEN_GOAL} times fewer tokens than by calling tools one by one`, async () => {
    await using code = await codeTools(pocket, { countTokens });
    const seen: string[] = [code.instructions, JSON.stringify(code.responsesTools)];
    expect(code.instructions).toContain("There are 200 tools");
    // What the model writes, in turn: each answer is what it would need to write the next.
    for (const written of [
      'search_tools("list late orders")',
      'print(read_stub("orders.list"), read_stub("customers.get"))',
      [
        'late = [order for order in tools.orders.list() if order["status"] == "late"]',
        'customers = await asyncio.gather(*[tools.customers.get(id=order["customer"]) for order in late])',
        "totals = {}",
        "for order, customer in zip(late, customers):",
        '    totals[customer["country"]] = totals.get(customer["country"], 0) + order["total"]',
        "totals",
      ].join("\n"),
    ]) {
      const call = {
        type: "function_call",
        call_id: "c",
        name: "python",
        arguments: JSON.stringify({ code: written }),
      } as const;
      const answer = await code.handle(call);
      seen.push(call.arguments, answer.output);
    }
    expect(JSON.parse(seen.at(-1) ?? "")).toEqual(solveTask());

    // The same by plain calls: the definitions, a list of orders, and one call for each late order's customer.
    const definitions = (await pocket.tools()).map(({ name, description, inputSchema: parameters }) => ({
      type: "function",
      name,
      description,
      parameters,
    }));
    const plain: string[] = [JSON.stringify(definitions)];
    for (const [name, input] of [
      ["orders__list", {}],
      ...lateOrders().map(({ customer }) => ["customers__get", { id: customer }]),
    ] as const) {
      const outcome = await pocket.invoke(name as string, input);
      plain.push(
        JSON.stringify({ name, arguments: JSON.stringify(input) }),
        outcome.status === "ok" ? outcome.output : "",
      );
    }
    const [inCode, inCalls] = [seen, plain].map((texts) =>
      texts.reduce((total, text) => total + countTokens(text), 0),
    ) as [number, number];
    console.info(
      `tokens seen: ${inCalls} by plain calls, ${inCode} in code mode, ${(inCalls / inCode).toFixed(1)} times fewer`,
    );
    expect(inCalls / inCode).toBeGreaterThanOrEqual(TOKEN_GOAL);
  });
});

describe("codeTools()", () => {
  it("answers the calls of each interface in its own form, in one session", async () => {
    await using code = await codeTools(pocket, { tools: ["orders__list", "customers__get"] });
    expect(code.instructions).toContain("def list(");
    const [text, id] = ['{"code":"x = 20\\nprint(\'hi\')"}', "call-1"];
    expect(await code.handle({ type: "function_call", call_id: id, name: "python", arguments: text })).toEqual({
      type: "function_call_output",
      call_id: id,
      output: "hi",
    });
    expect(
      await code.handle({ type: "function", id, function: { name: "python", arguments: '{"code":"x + 1"}' } }),
    ).toEqual({
      role: "tool",
      tool_call_id: id,
      content: "21",
    });
    const failed = await code.handle({
      type: "tool_use",
      id,
      name: "python",
      input: { code: "tools.customers.get(id='x')" },
    });
    expect(failed).toMatchObject({ type: "tool_result", tool_use_id: id, is_error: true });
    expect(failed.content).toMatch(/ToolError: customers__get: .*\/id.*\n\[hint\] correct the arguments/su);
    expect(await code.invoke("python", { code: "tools.orders.get(id=1)" })).toMatchObject({
      status: "ok",
      output: expect.stringContaining("there is no tool 'orders.get'"),
    });
    expect(await code.invoke("orders__list", {})).toMatchObject({
      output: expect.stringContaining("write code that calls it"),
    });
  });

  it("cuts a long output in its middle, and read_result() gives the rest, to the last character", async () => {
    const runs: string[] = [];
    await using code = await codeTools(pocket, {
      maxOutputCharacters: 1_000,
      onRun: (written, { outcome }) => runs.push(`${outcome.status} ${written.length}`),
    });
    const { text } = await code.run("whole = ''.join(str(n % 10) for n in range(20_000))\nprint(whole)");
    expect(text.length).toBeLessThan(1_200);
    const { handle = "", offset = "" } =
      /read_result\("(?<handle>\w+)", offset=(?<offset>\d+)\)/u.exec(text)?.groups ?? {};
    const rest = await code.run(
      `rest = ''\nwhile part := read_result('${handle}', offset=${offset} + len(rest)): rest += part\n(whole[:${offset}] + rest).strip() == whole`,
    );
    expect(rest.text).toBe("true");
    expect(runs).toEqual([expect.stringMatching(/^ok \d+$/u), expect.stringMatching(/^ok \d+$/u)]);
    expect((await code.run("read_result('r99')")).text).toContain("there is no result 'r99' any more");
  });

  it("opens its session again when it has expired, and says so", async () => {
    await using code = await codeTools(pocket, { tools: ["orders__list"], ttlMs: 50 });
    await code.run("x = 1");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await code.run("len(tools.orders.list())")).text).toMatch(/^\[The session was started anew.*\n150$/su);
  });
});

describe("ToolIsCode", () => {
  it("runs code over function tools of any form, whose callback gets id, name and what was given", async () => {
    const calls: unknown[] = [];
    const parameters = {
      type: "object",
      properties: { city: { type: "string" }, unit: { type: "string" } },
      required: ["city"],
    };
    await using tic = new ToolIsCode({
      tools: [
        { type: "function", name: "get_weather", description: "Tells the weather.", parameters, strict: false },
        { type: "function", function: { name: "getTime", description: "Tells the time.", parameters } },
        { type: "function", name: "gettime", parameters: { type: "nonsense", properties: { "a-b": {}, a_b: {} } } },
      ],
      callback: (requestId, name, input) => {
        calls.push([typeof requestId, name, input]);
        if (input["city"] === "Atlantis") throw new Error("no such city");
        return name === "get_weather" ? { degrees: 21 } : "noon";
      },
      openPocket: async (tools) => openPocket(tools),
    });
    expect(tic.tools).toMatchObject([{ type: "function", name: "python", parameters: { required: ["code"] } }]);
    expect(tic.instructions).toContain("def getTime(city: str, *, unit: str = ...)");
    const run = async (code: string): Promise<string> =>
      (await tic.toolCall({ type: "function_call", call_id: "1", name: "python", arguments: JSON.stringify({ code }) }))
        .output;
    expect(await run("from tools import get_weather\nw = get_weather(city='Seoul')['degrees']")).toContain(
      "printed nothing",
    );
    expect(await run("[w, tools.getTime(city='Oslo'), tools.gettime(a_b_2=1, a_b=2)]")).toBe('[21,"noon","noon"]');
    expect(await run("print('kept')\ntools.get_weather(city='Atlantis')")).toMatch(
      /^kept\n.*ToolError: get_weather: no such city/su,
    );
    expect(calls).toEqual([
      ["string", "get_weather", { city: "Seoul" }],
      ["string", "getTime", { city: "Oslo" }],
      ["string", "gettime", { "a-b": 1, a_b: 2 }],
      ["string", "get_weather", { city: "Atlantis" }],
    ]);
  });
});
