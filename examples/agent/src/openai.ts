/** The same tools under the `openai` client and its Responses, with a scripted server in the place of OpenAI's. */
import { strict as assert } from "node:assert";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { handleAll, toResponsesTools } from "@toolpocket/openai";
import OpenAI from "openai";
import type { ResponseInput } from "openai/resources/responses/responses";
import { fromLocal, Pocket } from "toolpocket";

/** Asks for the climate, and says what it was told. */
const server = createServer(async (request, response) => {
  const { input } = (await json(request)) as { input: { type?: string; output?: string }[] };
  const told = input.find(({ type }) => type === "function_call_output");
  const { average, unit } = JSON.parse(told?.output ?? "{}");
  const args = JSON.stringify({ city: "New York", month: 7 });
  const content = [{ type: "output_text", text: `About ${average} ${unit} in July.`, annotations: [] }];
  const item =
    told === undefined
      ? { type: "function_call", call_id: "1", name: "climate", arguments: args }
      : { type: "message", role: "assistant", content };
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ id: "resp", object: "response", output: [item] }));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

try {
  await using pocket = new Pocket({
    cwd: join(import.meta.dirname, ".."),
    tools: [fromLocal("../tools/climate", { toolVars: { unit: "imperial" }, limits: { timeout: "10s" } })],
  });
  const { port } = server.address() as AddressInfo;
  // For a real model: new OpenAI(), and another name of a model.
  const client = new OpenAI({ apiKey: "none", baseURL: `http://127.0.0.1:${port}/v1` });
  const tools = await toResponsesTools(pocket);
  const input: ResponseInput = [{ role: "user", content: "How warm is New York in July?" }];
  let response = await client.responses.create({ model: "scripted", tools, input });
  for (let step = 0; step < 3; step += 1) {
    const calls = response.output.filter((item) => item.type === "function_call");
    if (calls.length === 0) break;
    input.push(...calls, ...(await handleAll(pocket, calls)));
    response = await client.responses.create({ model: "scripted", tools, input });
  }
  console.log(response.output_text);
  assert.equal(response.output_text, "About 77 °F in July.");
} finally {
  server.closeAllConnections();
  server.close();
}
