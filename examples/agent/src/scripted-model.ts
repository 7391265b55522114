/** A model that needs no key: it follows a script, and reads what the tools answer. */
import { AIMessage, type BaseMessage, fakeModel } from "langchain";

export function createScriptedModel() {
  return fakeModel()
    .respond(() => callTool("today", {}))
    .respond((messages) =>
      callTool("business_days", { start: readAnswer(messages), days: 10, holidays: ["2026-07-03"] }),
    )
    .respond(() => callTool("climate", { city: "New York", month: 7 }))
    .respond((messages) => {
      const { average, unit } = readAnswer(messages);
      const { date } = readAnswer(messages.slice(0, -2));
      return new AIMessage(`You land on ${date}, at about ${average} ${unit}.`);
    });
}

function callTool(name: string, args: Record<string, unknown>): AIMessage {
  return new AIMessage({ content: `I call ${name}.`, tool_calls: [{ id: name, name, args }] });
}

/** The JSON of the last message: the answer of the tool that was called. */
function readAnswer(messages: readonly BaseMessage[]) {
  return JSON.parse(messages.at(-1)?.text ?? "null");
}
