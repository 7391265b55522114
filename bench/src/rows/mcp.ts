/** What a call over MCP takes beside `pocket.invoke()` of the same tool: over standard streams, and over HTTP. */
import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { createPocketHandle, startMcpHttpServer } from "@toolpocket/mcp";
import { createEchoPocket } from "../echo-pocket.ts";
import { compareRow } from "../row.ts";
import { interleave, time } from "../samples.ts";
import type { Section } from "../section.ts";

const INPUT = { city: "Seoul" };
const WAYS = { stdio: "standard streams of a child process", http: "Streamable HTTP" } as const;

export const mcp: Section = {
  id: "mcp",
  title: "calls over MCP",
  rows: Object.keys(WAYS).map((way) => `mcp-${way}`),
  async measure({ count }) {
    await using pocket = createEchoPocket();
    await using server = await startMcpHttpServer(createPocketHandle(pocket), { port: 0 });
    const program = fileURLToPath(new URL("../peers/mcp-echo-server.ts", import.meta.url));
    const stdio = await connect(new StdioClientTransport({ command: process.execPath, args: [program] }));
    const http = await connect(new StreamableHTTPClientTransport(new URL(server.url)));
    const call = (client: Client) => time(() => client.callTool({ name: "echo", arguments: INPUT }));
    try {
      const [invoked = [], ...taken] = await interleave(
        [() => time(() => pocket.invoke("echo", INPUT)), () => call(stdio), () => call(http)],
        { rounds: count(200, 50), warmUp: 10 },
      );
      return Object.entries(WAYS).map(([way, name], index) =>
        compareRow({
          id: `mcp-${way}`,
          what: `call of a function over MCP, ${name}`,
          ours: taken[index] ?? [],
          floorOrPeer: invoked,
          unit: "ms",
          beside: "pocket.invoke() of the same function",
        }),
      );
    } finally {
      await Promise.all([stdio.close(), http.close()]);
    }
  },
};

async function connect(transport: Transport): Promise<Client> {
  const client = new Client({ name: "bench", version: "0.0.0" });
  await client.connect(transport);
  return client;
}
