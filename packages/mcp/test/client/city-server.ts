/** An MCP server over standard input and output, as a stranger's: what it says of its tools is set by the environment. */
import { Server } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";

const description = process.env["CITY_DESCRIPTION"] ?? "Tells how many live in a city.";

function createServer(): Server {
  const server = new Server({ name: "city", version: "1.0.0" }, { capabilities: { tools: {} } });
  const inputSchema = { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"] };
  const outputSchema = { type: "object" as const, properties: { people: { type: "integer" } } };
  const empty = { type: "object" as const };
  server.setRequestHandler("tools/list", () => ({
    tools: [
      { name: "population", description, inputSchema, outputSchema },
      { name: "draw map", description: "Draws a map.", inputSchema: empty },
      { name: "wait", description: "Never ends.", inputSchema: empty },
      { name: "die", description: "Ends the server.", inputSchema: empty },
      { name: "environment", description: "Tells its environment.", inputSchema: empty },
      {
        name: "broken",
        description: "Has no schema.",
        inputSchema: { type: "object" as const, properties: { a: { type: 7 } } },
      },
    ],
  }));
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
    switch (params.name) {
      case "population":
        return params.arguments?.["city"] === "Atlantis"
          ? { isError: true, content: [{ type: "text", text: "Atlantis has sunk" }] }
          : { content: [{ type: "text", text: "many" }], structuredContent: { people: 9_400_000 } };
      case "draw map":
        return {
          content: [
            { type: "image", data: "AAAA", mimeType: "image/png" },
            { type: "text", text: "A map." },
          ],
        };
      case "environment":
        return { content: [{ type: "text", text: Object.keys(process.env).join(" ") }] };
      case "die":
        process.stderr.write("I am dying\n", () => process.exit(3));
        return new Promise(() => {});
      default:
        return new Promise((resolve) => {
          mcpReq.signal.addEventListener("abort", () => {
            process.stderr.write("I was told to end\n");
            resolve({ content: [] });
          });
        });
    }
  });
  return server;
}

serveStdio(createServer);
