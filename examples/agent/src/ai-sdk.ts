/** The same tools under the Vercel AI SDK, with a scripted model. */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { toAiSdkTools } from "@toolpocket/ai-sdk";
import { generateText, stepCountIs } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { fromLocal, Pocket } from "toolpocket";

type Generated = Awaited<ReturnType<MockLanguageModelV4["doGenerate"]>>;

const NO_USAGE: Generated["usage"] = {
  inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 0, text: 0, reasoning: 0 },
};

/** Asks for the climate, and says what it was told. */
const model = new MockLanguageModelV4({
  async doGenerate({ prompt }) {
    const told = prompt.flatMap((message) => (message.role === "tool" ? message.content : [])).at(-1);
    if (told === undefined) {
      const input = JSON.stringify({ city: "New York", month: 7 });
      return answer({ type: "tool-call", toolCallId: "1", toolName: "climate", input }, "tool-calls");
    }
    const { average, unit } = JSON.parse(
      told.type === "tool-result" && "value" in told.output ? String(told.output.value) : "{}",
    );
    return answer({ type: "text", text: `About ${average} ${unit} in July.` }, "stop");
  },
});

function answer(content: Generated["content"][number], reason: "stop" | "tool-calls"): Generated {
  return { content: [content], finishReason: { unified: reason, raw: undefined }, usage: NO_USAGE, warnings: [] };
}

await using pocket = new Pocket({
  cwd: join(import.meta.dirname, ".."),
  tools: [fromLocal("../tools/climate", { toolVars: { unit: "imperial" }, limits: { timeout: "10s" } })],
});
const { text } = await generateText({
  model,
  prompt: "How warm is New York in July?",
  tools: await toAiSdkTools(pocket),
  stopWhen: stepCountIs(3),
});
console.log(text);
assert.equal(text, "About 77 °F in July.");
