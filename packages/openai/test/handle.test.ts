/** The adapter in loops over the real client, with a scripted server in the place of OpenAI's. */
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import type { ResponseFunctionToolCall, ResponseInput } from "openai/resources/responses/responses";
import { expect, test } from "vitest";
import { handle, handleAll, toChatTools, toResponsesTools } from "../src/index.ts";
import { createCityPocket } from "@toolpocket/test-kit/city-pocket";
import { startScriptedServer } from "./scripted-server.ts";

interface Call {
  readonly name: string;
  readonly args: string;
}

const ATLANTIS_AND_SEOUL: readonly Call[] = ["Atlantis", "Seoul"].map((city) => ({
  name: "population",
  args: JSON.stringify({ city }),
}));

const toResponse = (calls: readonly Call[]) => ({
  id: "resp_1",
  object: "response",
  output: [
    { type: "reasoning", id: "rs_1", summary: [] },
    ...calls.map(({ name, args }, index) => toFunctionCall(name, args, `call_${index}`)),
  ],
});

function toFunctionCall(name: string, args: string, callId = "call_0"): ResponseFunctionToolCall {
  return { type: "function_call", call_id: callId, name, arguments: args };
}

const toMessage = (calls: readonly Call[]) => ({
  role: "assistant",
  content: null,
  tool_calls: calls.map(({ name, args }, index) => ({
    id: `call_${index}`,
    type: "function",
    function: { name, arguments: args },
  })),
});

test("handleAll() answers each function call of a response when one of two fails", async () => {
  await using pocket = createCityPocket();
  const last = { id: "resp_2", object: "response", output: [{ type: "message", content: [] }] };
  await using server = await startScriptedServer([toResponse(ATLANTIS_AND_SEOUL), last]);
  const tools = await toResponsesTools(pocket);
  const input: ResponseInput = [{ role: "user", content: "How many live there?" }];

  for (let step = 0; step < 2; step += 1) {
    const response = await server.client.responses.create({ model: "scripted", input, tools });
    const calls = response.output.filter((item) => item.type === "function_call");
    input.push(...calls, ...(await handleAll(pocket, response.output)));
  }

  expect(server.bodies[0]?.["tools"]).toMatchObject([{ type: "function", name: "population", strict: false }, {}, {}]);
  const sent = server.bodies[1]?.["input"];
  expect(Array.isArray(sent) ? sent.slice(-2) : []).toEqual([
    { type: "function_call_output", call_id: "call_0", output: expect.stringContaining("Atlantis has sunk") },
    { type: "function_call_output", call_id: "call_1", output: `{"city":"Seoul","people":9400000}` },
  ]);
  expect(input).toHaveLength(5);
});

test("handleAll() answers each tool call of a chat message when one of two fails", async () => {
  await using pocket = createCityPocket();
  const last = { role: "assistant", content: "Atlantis has sunk." };
  const script = [toMessage(ATLANTIS_AND_SEOUL), last].map((message) => ({
    object: "chat.completion",
    choices: [{ index: 0, message }],
  }));
  await using server = await startScriptedServer(script);
  const tools = await toChatTools(pocket);
  const messages: ChatCompletionMessageParam[] = [{ role: "user", content: "How many live there?" }];

  for (let step = 0; step < 2; step += 1) {
    const { choices } = await server.client.chat.completions.create({ model: "scripted", messages, tools });
    const message = choices[0]?.message;
    if (message === undefined) throw new Error("the script has no message");
    messages.push(message, ...(await handleAll(pocket, message.tool_calls ?? [])));
  }

  expect(server.bodies[0]?.["tools"]).toMatchObject([
    { type: "function", function: { name: "population", strict: false } },
    {},
    {},
  ]);
  const sent = server.bodies[1]?.["messages"];
  expect(Array.isArray(sent) ? sent.slice(-2) : []).toEqual([
    { role: "tool", tool_call_id: "call_0", content: expect.stringContaining("(execution_failed)") },
    { role: "tool", tool_call_id: "call_1", content: `{"city":"Seoul","people":9400000}` },
  ]);
  expect(messages.at(-1)).toEqual(last);
});

test("handleAll() runs the calls of one message side by side, and passes over what is no call", async () => {
  await using pocket = createCityPocket();
  const custom = { id: "call_2", type: "custom" as const, custom: { name: "meet", input: "" } };
  const call = (id: string) => ({ id, type: "function" as const, function: { name: "meet", arguments: "{}" } });
  expect(await handleAll(pocket, [call("a"), custom, call("b")])).toEqual([
    { role: "tool", tool_call_id: "a", content: '"met"' },
    { role: "tool", tool_call_id: "b", content: '"met"' },
  ]);
});

test.each([
  ["there is no such tool", "popultion", "{}", /there is no tool "popultion".*population/u],
  ["the arguments are no JSON", "population", '{"city": "Seo', /invalid_input/u],
  ["the arguments are empty", "population", "", /invalid_input.*city/u],
  ["the arguments do not fit the schema", "population", '{"city": 7}', /\/city/u],
])("handle() tells the model when %s", async (_, name, args, expected) => {
  await using pocket = createCityPocket();
  const { output } = await handle(pocket, toFunctionCall(name, args));
  expect(output).toMatch(expected);
});

test("handle() gives the caller of a programmatic call back", async () => {
  await using pocket = createCityPocket();
  const caller = { type: "program" as const, caller_id: "prog_1" };
  const call = { ...toFunctionCall("population", '{"city":"Seoul"}'), caller };
  expect(await handle(pocket, call)).toMatchObject({ call_id: "call_0", caller });
});

test("handle() rejects with the signal's reason when it is aborted", async () => {
  await using pocket = createCityPocket();
  const abort = new AbortController();
  const running = handle(pocket, toFunctionCall("wait", "{}"), { signal: abort.signal });
  setTimeout(() => abort.abort(new Error("the user left")), 20);
  await expect(running).rejects.toThrow("the user left");
});

test("handle() rejects when the Pocket is closed", async () => {
  const pocket = createCityPocket();
  await pocket.close();
  await expect(handle(pocket, toFunctionCall("population", "{}"))).rejects.toMatchObject({
    code: "ERR_POCKET_CLOSED",
  });
});

test("handle() words failures as it is told", async () => {
  await using pocket = createCityPocket();
  const describeFailure = () => "It sank.";
  const { output } = await handle(pocket, toFunctionCall("population", '{"city":"Atlantis"}'), { describeFailure });
  expect(output).toBe("It sank.");
});
