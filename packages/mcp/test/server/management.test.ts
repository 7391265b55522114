/** Tools that need a person's word, under clients that ask him, cannot ask him, or ask him otherwise. */
import { Client, type ClientCapabilities, InMemoryTransport } from "@modelcontextprotocol/client";
import { expect, onTestFinished, test, vi } from "vitest";
import { createMcpServer, type ManagementTool } from "../../src/index.ts";

type Elicitation = NonNullable<ClientCapabilities["elicitation"]>;
type Answer = { action: "accept" | "decline" | "cancel"; content?: Record<string, boolean> };

const run = vi.fn<ManagementTool["run"]>(async ({ host }) => ({ granted: host ?? null }));

const GRANT: ManagementTool = {
  name: "grant",
  description: "Grants.",
  inputSchema: { type: "object", properties: { host: { type: "string" } }, required: ["host"] },
  confirm: async ({ host }) => ({ question: `Allow ${String(host)}?`, command: `pocket grant ${String(host)}` }),
  run,
};

async function connect(elicitation: Elicitation | undefined, answer: Answer = { action: "cancel" }) {
  run.mockClear();
  const capabilities = elicitation === undefined ? {} : { elicitation };
  const client = new Client({ name: "test", version: "1.0.0" }, { capabilities });
  const asked: unknown[] = [];
  if (elicitation !== undefined) {
    client.setRequestHandler("elicitation/create", ({ params }) => {
      asked.push(params.message);
      return answer;
    });
  }
  const [here, there] = InMemoryTransport.createLinkedPair();
  const nothing = { tools: async () => [], invoke: () => Promise.reject(new Error("none")) };
  await createMcpServer(nothing, { management: [GRANT] }).connect(there);
  await client.connect(here);
  onTestFinished(() => client.close());
  return { asked, grant: () => client.callTool({ name: "grant", arguments: { host: "a.example" } }) };
}

test.each<[string, Elicitation | undefined]>([
  ["cannot ask", undefined],
  ["can only open a page", { url: {} }],
])("createManagement() does nothing for a client that %s, and names the command", async (_what, elicitation) => {
  const { asked, grant } = await connect(elicitation);
  expect(await grant()).toMatchObject({
    isError: true,
    content: [{ text: expect.stringContaining("pocket grant a.example") }],
  });
  expect([asked, run.mock.calls]).toEqual([[], []]);
});

test.each<[string, Elicitation, Answer]>([
  ["says no", { form: {} }, { action: "decline" }],
  ["turns away", { form: {} }, { action: "cancel" }],
  ["sends the form as it came", { form: {} }, { action: "accept", content: { allow: false } }],
])("createManagement() does nothing when the person %s", async (_what, elicitation, answer) => {
  const { asked, grant } = await connect(elicitation, answer);
  expect(await grant()).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("did not allow") }] });
  expect([asked, run.mock.calls]).toEqual([["Allow a.example?"], []]);
});

test.each<[string, Elicitation]>([
  ["a form", { form: {} }],
  ["a form or a page", { form: {}, url: {} }],
  ["in the first way there was", {}],
])("createManagement() does it when a person allows it, asked by %s", async (_what, elicitation) => {
  const { asked, grant } = await connect(elicitation, { action: "accept", content: { allow: true } });
  expect(await grant()).toMatchObject({ structuredContent: { granted: "a.example" } });
  expect(asked).toEqual(["Allow a.example?"]);
});
