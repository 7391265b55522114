/** The adapter under LangChain's own agent, with a scripted model. */
import { createCityPocket } from "@toolpocket/test-kit/city-pocket";
import { AIMessage, createAgent, fakeModel, ToolMessage } from "langchain";
import { expect, test } from "vitest";
import { toLangChainTools } from "../src/index.ts";

const pocket = createCityPocket();

const toolMessages = (messages: readonly unknown[]): ToolMessage[] =>
  messages.filter((message) => message instanceof ToolMessage);

test("createAgent() goes on with the other tool's result when one of two fails", async () => {
  const model = fakeModel()
    .respondWithTools([{ name: "population", args: { city: "Atlantis" } }])
    .respondWithTools([{ name: "population", args: { city: "Seoul" } }])
    .respond(new AIMessage("Seoul has 9.4 million; Atlantis has sunk."));
  const agent = createAgent({ model, tools: await toLangChainTools(pocket) });

  const { messages } = await agent.invoke({ messages: [{ role: "user", content: "How many live there?" }] });

  expect(toolMessages(messages).map(({ status, content }) => [status, content])).toEqual([
    ["error", expect.stringContaining("Atlantis has sunk")],
    ["success", `{"city":"Seoul","people":9400000}`],
  ]);
  expect(messages.at(-1)?.text).toContain("Seoul has 9.4 million");
  expect(toolMessages(model.calls[1]?.messages ?? [])[0]?.text).toContain(
    'The tool "population" failed (execution_failed)',
  );
});

test("createAgent() shows the model each fault when an input is not valid", async () => {
  const model = fakeModel()
    .respondWithTools([{ name: "population", args: { city: 7 } }])
    .respond(new AIMessage("I should have named a city."));
  const agent = createAgent({ model, tools: await toLangChainTools(pocket) });

  const { messages } = await agent.invoke({ messages: [{ role: "user", content: "How many?" }] });

  const [message] = toolMessages(messages);
  expect(message).toMatchObject({ status: "error", artifact: { error: { code: "invalid_input" } } });
  expect(message?.text).toContain("/city");
});

test("createAgent() runs the calls of one message side by side", async () => {
  const model = fakeModel()
    .respondWithTools([
      { name: "meet", args: {} },
      { name: "meet", args: {} },
    ])
    .respond(new AIMessage("They met."));
  const agent = createAgent({ model, tools: await toLangChainTools(pocket) });

  const { messages } = await agent.invoke({ messages: [{ role: "user", content: "Meet." }] });

  expect(toolMessages(messages).map(({ content }) => content)).toEqual(['"met"', '"met"']);
});

test("createAgent() rejects when it is aborted during a call", async () => {
  const model = fakeModel().respondWithTools([{ name: "wait", args: {} }]);
  const agent = createAgent({ model, tools: await toLangChainTools(pocket) });
  const abort = new AbortController();

  const running = agent.invoke({ messages: [{ role: "user", content: "Wait." }] }, { signal: abort.signal });
  setTimeout(() => abort.abort(), 50);

  await expect(running).rejects.toMatchObject({ name: "AbortError" });
});
