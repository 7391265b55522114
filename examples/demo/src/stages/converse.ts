/** Lets a LangChain agent call the tools. Its model is scripted, and reads what the tools say. */
import { strict as assert } from "node:assert";
import { toLangChainTools } from "@toolpocket/langchain";
import { AIMessage, type BaseMessage, createAgent, fakeModel, ToolMessage } from "langchain";
import type { Pocket } from "toolpocket";
import type { Report } from "../report.ts";

const QUESTION = "How warm is Soul in July? And a slug for a post on it, please.";

export async function converse(report: Report, pocket: Pocket): Promise<void> {
  report.stage("Converse", "a LangChain.js agent with a scripted model calls them");
  const tools = (await toLangChainTools(pocket)).filter(({ name }) => ["climate", "slugify"].includes(name));
  const agent = createAgent({ model: createScriptedModel(), tools });
  const { messages } = await agent.invoke({ messages: [{ role: "user", content: QUESTION }] });
  for (const message of messages) tell(report, message);
  assert.match(messages.at(-1)?.text ?? "", /Seoul: 25 °C.*seoul-in-july/u);
}

/** Mistypes the city, reads the tool's advice, tries again with a second tool beside it, and answers. */
function createScriptedModel() {
  return fakeModel()
    .respondWithTools([{ name: "climate", args: { city: "Soul", month: 7 } }])
    .respond((messages) => {
      const city = /did you mean (?<city>[^?]+)\?/u.exec(messages.at(-1)?.text ?? "")?.groups?.["city"];
      return new AIMessage({
        tool_calls: [
          { id: "2", name: "climate", args: { city, month: 7 } },
          { id: "3", name: "slugify", args: { text: `${city} in July` } },
        ],
      });
    })
    .respond((messages) => {
      const [climate, slug] = messages.slice(-2).map(({ text }) => text.trim());
      const { city, average, unit } = JSON.parse(climate ?? "{}");
      return new AIMessage(`${city}: ${average} ${unit} on average in July. The slug is ${slug}.`);
    });
}

function tell(report: Report, message: BaseMessage): void {
  if (message instanceof ToolMessage) {
    report.line(`↳ ${message.name}`, message.text);
  } else if (message instanceof AIMessage && message.tool_calls !== undefined && message.tool_calls.length > 0) {
    report.line(
      "model",
      message.tool_calls.map(({ name, args }) => `calls ${name} ${JSON.stringify(args)}`).join("\n"),
    );
  } else {
    report.line(message instanceof AIMessage ? "model" : "user", message.text);
  }
}
