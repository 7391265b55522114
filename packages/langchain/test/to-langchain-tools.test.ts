/**
 * The adapter on core's own Pocket with functions as tools. There is no npm package of LangChain's standard tests for
 * tools; of the Python suite's checks these are covered, each by the test that ends with its name in brackets: init,
 * has_name, has_input_schema, input_schema_matches_invoke_params, has_output_schema, invoke_matches_output_schema,
 * async_invoke_matches_output_schema, invoke_no_tool_call.
 */
import { ToolMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import type { StructuredTool } from "@langchain/core/tools";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import { fromFunction, type JsonObject, Pocket, type ToolInfo } from "@toolpocket/core";
import { createPopulation } from "@toolpocket/test-kit/city-pocket";
import { beforeAll, expect, test } from "vitest";
import { FailedOutcomeError, toLangChainTools, type ToolProvider } from "../src/index.ts";

const citySchema = {
  type: "object",
  properties: { city: { type: "string", minLength: 2 } },
  required: ["city"],
  additionalProperties: false,
};

const pocket = new Pocket({
  tools: [
    createPopulation(citySchema),
    fromFunction({
      name: "fail",
      description: "Fails.",
      inputSchema: { type: "object" },
      run: () => {
        throw new Error("the well is dry");
      },
    }),
    fromFunction({
      name: "wait",
      description: "Waits until it is aborted.",
      inputSchema: { type: "object" },
      run: (_: JsonObject, { signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve(1))),
    }),
    fromFunction({
      name: "mirror",
      description: "Gives back its arguments.",
      inputSchema: { type: "object" },
      run: (input: JsonObject) => input,
    }),
  ],
});

let tools: Map<string, StructuredTool>;

beforeAll(async () => {
  tools = new Map((await toLangChainTools(pocket)).map((tool) => [tool.name, tool]));
});

const call = (name: string, args: JsonObject): ToolCall & { type: "tool_call"; id: string } => ({
  type: "tool_call",
  id: "call-1",
  name,
  args,
});

function find(name: string): StructuredTool {
  const found = tools.get(name);
  if (found === undefined) throw new Error(`there is no tool ${name}`);
  return found;
}

test("toLangChainTools() makes one tool for each of the Pocket, in their order [init]", () => {
  expect([...tools.keys()]).toEqual(["population", "fail", "wait", "mirror"]);
});

test("toLangChainTools() keeps name and description [has_name]", () => {
  expect(find("population")).toMatchObject({ name: "population", description: "Tells how many live in a city." });
});

test("toLangChainTools() shows the tool's own JSON Schema [has_input_schema]", () => {
  expect(find("population").schema).toMatchObject(citySchema);
});

test("tool.invoke() takes what the schema describes [input_schema_matches_invoke_params]", async () => {
  await expect(find("population").invoke({ city: "Seoul" })).resolves.toBe('{"city":"Seoul","people":9400000}');
});

test("tool.invoke() gives the output as text when it gets no tool call [invoke_no_tool_call, has_output_schema]", async () => {
  expect(typeof (await find("population").invoke({ city: "Seoul" }))).toBe("string");
});

test("tool.invoke() gives a tool message with the outcome as artifact when it gets a tool call [invoke_matches_output_schema, async_invoke_matches_output_schema]", async () => {
  const message: unknown = await find("population").invoke(call("population", { city: "Seoul" }));
  expect(message).toBeInstanceOf(ToolMessage);
  expect(message).toMatchObject({
    status: "success",
    tool_call_id: "call-1",
    name: "population",
    content: '{"city":"Seoul","people":9400000}',
    artifact: { status: "ok", value: { city: "Seoul", people: 9_400_000 } },
  });
});

test("tool.invoke() gives an error message that says where when the input is not valid", async () => {
  const message: unknown = await find("population").invoke(call("population", { city: "S", country: "KR" }));
  expect(message).toBeInstanceOf(ToolMessage);
  expect(message).toMatchObject({
    status: "error",
    content: expect.stringMatching(/\(invalid_input\).*\/city.*\nCorrect the named arguments/su),
    artifact: { status: "error", error: { code: "invalid_input" } },
  });
});

test("tool.invoke() gives an error message when the tool fails", async () => {
  const message: unknown = await find("fail").invoke(call("fail", {}));
  expect(message).toMatchObject({
    status: "error",
    tool_call_id: "call-1",
    content: expect.stringContaining("the well is dry"),
  });
});

test("tool.invoke() throws the outcome when the tool fails and there is no tool call", async () => {
  const error = await find("fail")
    .invoke({})
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FailedOutcomeError);
  expect(error).toMatchObject({ message: expect.stringContaining("the well is dry"), outcome: { status: "error" } });
});

test("tool.invoke() writes the failure as the options say when they do", async () => {
  const [, fail] = await toLangChainTools(pocket, { describeFailure: (tool, { error }) => `${tool}! ${error.code}` });
  await expect(fail?.invoke(call("fail", {}))).resolves.toMatchObject({
    content: "fail! execution_failed",
    status: "error",
  });
});

test("tool.invoke() rejects with the reason when the signal is aborted", async () => {
  const abort = new AbortController();
  const waiting = find("wait").invoke(call("wait", {}), { signal: abort.signal });
  setTimeout(() => abort.abort(new Error("the user left")), 10);
  await expect(waiting).rejects.toThrow("the user left");
});

test("tool.invoke() rejects when the config's timeout passes", async () => {
  await expect(find("wait").invoke(call("wait", {}), { timeout: 20 })).rejects.toMatchObject({ name: "TimeoutError" });
});

test("tool.invoke() passes arguments on unchanged when they are named like LangChain's own", async () => {
  const args = {
    thread_id: "t",
    profile: "p",
    config: {},
    signal: 1,
    callbacks: [],
    configurable: {},
    id: "x",
    name: "y",
  };
  const message: unknown = await find("mirror").invoke(call("mirror", args), { configurable: { thread_id: "mine" } });
  expect(message).toMatchObject({ artifact: { value: args } });
});

test("tool.invoke() tells callbacks of the tool and of the call when it runs", async () => {
  const seen: string[] = [];
  const listen = (who: string) => [
    { handleToolStart: () => void seen.push(`${who} starts`), handleToolEnd: () => void seen.push(`${who} ends`) },
  ];
  const [population] = await toLangChainTools(pocket);
  if (population === undefined) throw new Error("there is no tool");
  population.callbacks = listen("tool");
  await population.invoke({ city: "Seoul" }, { callbacks: listen("call") });
  expect(seen.toSorted()).toEqual(["call ends", "call starts", "tool ends", "tool starts"]);
});

test("tool.invoke() does not run a stranger's pattern on the host when it gets an input", async () => {
  const inputs: unknown[] = [];
  const stranger: ToolProvider = {
    tools: async () => [
      createInfo("slow", { type: "object", properties: { text: { type: "string", pattern: "^(a+)+$" } } }),
    ],
    invoke: async (_, input) => {
      inputs.push(input);
      return { status: "ok", output: "", stdout: "", stderr: "", usage: { durationMs: 0, coldStart: false } };
    },
  };
  const [slow] = await toLangChainTools(stranger);
  await slow?.invoke(call("slow", { text: `${"a".repeat(60)}!` }));
  expect(inputs).toHaveLength(1);
}, 2_000);

test.each([
  { _zod: { def: { type: "object" } } },
  { _def: { typeName: "ZodObject" } },
  { "~standard": { version: 1, vendor: "none", jsonSchema: {} } },
])("toLangChainTools() makes a tool that models can be told of when its schema poses as Zod's: %j", async (marks) => {
  const properties = { text: { type: "string" } };
  const stranger: ToolProvider = {
    tools: async () => [createInfo("posing", { type: "object", properties, ...marks })],
    invoke: () => Promise.reject(new Error("not called")),
  };
  const [posing] = await toLangChainTools(stranger);
  expect(posing && convertToOpenAITool(posing)).toMatchObject({
    function: { parameters: { type: "object", properties } },
  });
});

function createInfo(name: string, inputSchema: ToolInfo["inputSchema"]): ToolInfo {
  const permissions = { asked: {}, granted: {} };
  return { name, description: name, inputSchema, runtime: "node", source: "test", permissions };
}
