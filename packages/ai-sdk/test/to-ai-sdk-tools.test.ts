/** The adapter under the AI SDK's own loops, with a scripted model. */
import { FailedOutcomeError } from "@toolpocket/core";
import { generateText, stepCountIs, streamText } from "ai";
import { convertArrayToReadableStream, MockLanguageModelV4 } from "ai/test";
import { expect, test } from "vitest";
import { toAiSdkTools } from "../src/index.ts";
import { createCityPocket } from "@toolpocket/test-kit/city-pocket";

type Generated = Awaited<ReturnType<MockLanguageModelV4["doGenerate"]>>;
interface ScriptedCall {
  readonly name: string;
  readonly args: object;
}

const USAGE: Generated["usage"] = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

/** Says each of the steps in turn: calls, or a last text. */
function scriptModel(...steps: readonly (readonly ScriptedCall[] | string)[]): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    doGenerate: steps.map((step) =>
      typeof step === "string"
        ? {
            content: [{ type: "text", text: step }],
            finishReason: { unified: "stop", raw: undefined },
            usage: USAGE,
            warnings: [],
          }
        : {
            content: toToolCalls(step),
            finishReason: { unified: "tool-calls", raw: undefined },
            usage: USAGE,
            warnings: [],
          },
    ),
  });
}

function toToolCalls(calls: readonly ScriptedCall[]) {
  return calls.map(({ name, args }, index) => ({
    type: "tool-call" as const,
    toolCallId: `call-${index}`,
    toolName: name,
    input: JSON.stringify(args),
  }));
}

/** What the model was told of the calls before its step. */
function readResults(model: MockLanguageModelV4, step: number) {
  const prompt = model.doGenerateCalls[step]?.prompt ?? [];
  return prompt.flatMap((message) =>
    message.role === "tool"
      ? message.content.flatMap((part) => (part.type === "tool-result" ? [part.output] : []))
      : [],
  );
}

test("toAiSdkTools() hands the model name, description and schema of each tool as they are", async () => {
  await using pocket = createCityPocket();
  const model = scriptModel("Nothing to do.");
  await generateText({ model, prompt: "Hello.", tools: await toAiSdkTools(pocket) });
  expect(model.doGenerateCalls[0]?.tools?.[0]).toMatchObject({
    type: "function",
    name: "population",
    description: "Tells how many live in a city.",
    inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  });
});

test("generateText() goes on with the other tool's result when one of two fails", async () => {
  await using pocket = createCityPocket();
  const calls = ["Atlantis", "Seoul"].map((city) => ({ name: "population", args: { city } }));
  const model = scriptModel(calls, "Seoul has 9.4 million; Atlantis has sunk.");

  const result = await generateText({
    model,
    prompt: "How many live there?",
    tools: await toAiSdkTools(pocket),
    stopWhen: stepCountIs(3),
  });

  expect(result.text).toContain("Seoul has 9.4 million");
  expect(readResults(model, 1)).toEqual([
    { type: "error-text", value: expect.stringContaining('The tool "population" failed (execution_failed): Atlantis') },
    { type: "text", value: `{"city":"Seoul","people":9400000}` },
  ]);
  const [first] = result.steps;
  expect(first?.toolResults[0]?.output).toMatchObject({ status: "ok", value: { people: 9_400_000 } });
  const failed = first?.content.find((part) => part.type === "tool-error");
  expect(failed?.error).toBeInstanceOf(FailedOutcomeError);
  expect(failed?.error).toMatchObject({ outcome: { error: { code: "execution_failed" } } });
});

test("generateText() shows the model each fault when an input is not valid", async () => {
  await using pocket = createCityPocket();
  const model = scriptModel([{ name: "population", args: { city: 7 } }], "I should have named a city.");
  await generateText({ model, prompt: "?", tools: await toAiSdkTools(pocket), stopWhen: stepCountIs(2) });
  expect(readResults(model, 1)).toEqual([{ type: "error-text", value: expect.stringContaining("/city") }]);
});

test("generateText() runs the calls of one step side by side", async () => {
  await using pocket = createCityPocket();
  const call = { name: "meet", args: {} };
  const model = scriptModel([call, call], "They met.");
  await generateText({ model, prompt: "Meet.", tools: await toAiSdkTools(pocket), stopWhen: stepCountIs(2) });
  expect(readResults(model, 1)).toEqual([
    { type: "text", value: '"met"' },
    { type: "text", value: '"met"' },
  ]);
});

test("generateText() ends a call when its abortSignal fires", async () => {
  await using pocket = createCityPocket();
  const abort = new AbortController();
  const running = generateText({
    model: scriptModel([{ name: "wait", args: {} }], "never said"),
    prompt: "Wait.",
    tools: await toAiSdkTools(pocket),
    stopWhen: stepCountIs(2),
    abortSignal: abort.signal,
  });
  setTimeout(() => abort.abort(), 50);
  await expect(running).rejects.toMatchObject({ name: "AbortError" });
});

test("streamText() streams the result of a call", async () => {
  await using pocket = createCityPocket();
  const [call] = toToolCalls([{ name: "population", args: { city: "Seoul" } }]);
  if (call === undefined) throw new Error("no call");
  const model = new MockLanguageModelV4({
    doStream: {
      stream: convertArrayToReadableStream([
        { type: "stream-start", warnings: [] },
        call,
        { type: "finish", finishReason: { unified: "tool-calls", raw: undefined }, usage: USAGE },
      ]),
    },
  });
  const { fullStream } = streamText({ model, prompt: "How many?", tools: await toAiSdkTools(pocket) });
  const outputs: unknown[] = [];
  for await (const part of fullStream) if (part.type === "tool-result") outputs.push(part.output);
  expect(outputs).toMatchObject([{ status: "ok", output: `{"city":"Seoul","people":9400000}` }]);
});

test("toAiSdkTools() words failures as it is told", async () => {
  await using pocket = createCityPocket();
  const model = scriptModel([{ name: "population", args: { city: "Atlantis" } }], "Oh.");
  const tools = await toAiSdkTools(pocket, { describeFailure: (tool, { error }) => `${tool}: ${error.code}!` });
  await generateText({ model, prompt: "?", tools, stopWhen: stepCountIs(2) });
  expect(readResults(model, 1)).toEqual([
    { type: "error-text", value: expect.stringMatching(/population: execution_failed!$/u) },
  ]);
});
