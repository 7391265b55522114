/** A LangChain.js agent whose tools are somebody else's code, run in a sandbox, beside a function of its own. */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { toLangChainTools } from "@toolpocket/langchain";
import { createAgent } from "langchain";
import { fromFunction, fromLocal, Pocket } from "toolpocket";
import { createScriptedModel } from "./scripted-model.ts";

const pocket = new Pocket({
  cwd: join(import.meta.dirname, ".."),
  tools: [
    // Relative to cwd. From a repository: fromGit("https://github.com/acme/tools/tree/main/climate", …).
    fromLocal("../tools/climate", { toolVars: { unit: "imperial" }, limits: { timeout: "10s" } }),
    "../tools/business-days",
    fromFunction({
      name: "today",
      description: "Tells the date of today.",
      inputSchema: { type: "object", properties: {} },
      run: () => "2026-07-01",
    }),
  ],
});
try {
  const agent = createAgent({ model: createScriptedModel(), tools: await toLangChainTools(pocket) });
  const question = "I land in New York in ten working days. How warm will it be?";
  const { messages } = await agent.invoke({ messages: [{ role: "user", content: question }] });
  for (const message of messages) console.log(`${message.type.padEnd(6)} ${message.text}`);
  assert.equal(messages.at(-1)?.text, "You land on 2026-07-16, at about 77 °F.");
} finally {
  await pocket.close();
}
