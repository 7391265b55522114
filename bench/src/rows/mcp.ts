/** What a call over MCP takes beside `pocket.invoke()` of the same tool: over standard streams, and over HTTP. */
import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { createPocketHandle, startMcpHttpServer } from "@toolpocket/mcp";
import { createEchoPocket } from "../echo-pocket.ts";
import { compareRow, median, type Row, time } from "../row.ts";

const INPUT = { city: "Seoul" };

export async function measureMcp(rounds: number): Promise<Row[]> {
  await using pocket = createEchoPocket();
  await using server = await startMcpHttpServer(createPocketHandle(pocket), { port: 0 });
  const program = fileURLToPath(new URL("../peers/mcp-echo-server.ts", import.meta.url));
  const stdio = await connect(
    new StdioClientTransport({ command: process.execPath, args: ["--conditions=toolpocket-source", program] }),
  );
  const http = await connect(new StreamableHTTPClientTransport(new URL(server.url)));
  const call = (client: Client) => time(() => client.callTool({ name: "echo", arguments: INPUT }));
  const taken = { invoke: [] as number[], stdio: [] as number[], http: [] as number[] };
  try {
    for (let round = -10; round < rounds * 5; round += 1) {
      const invoke = await time(() => pocket.invoke("echo", INPUT));
      const [overStdio, overHttp] = [await call(stdio), await call(http)];
      // The first are to warm up.
      if (round < 0) continue;
      taken.invoke.push(invoke);
      taken.stdio.push(overStdio);
      taken.http.push(overHttp);
    }
  } finally {
    await Promise.all([stdio.close(), http.close()]);
  }
  const rows = [
    ["stdio", "standard streams of a child process"],
    ["http", "Streamable HTTP"],
  ] as const;
  return rows.map(([kind, what]) =>
    compareRow(
      {
        id: `mcp-${kind}`,
        what: `call of a function over MCP, ${what}, p50`,
        value: median(taken[kind]),
        floorOrPeer: median(taken.invoke),
        unit: "ms",
        beside: "pocket.invoke() of the same function",
      },
      undefined,
    ),
  );
}

async function connect(transport: Transport): Promise<Client> {
  const client = new Client({ name: "bench", version: "0.0.0" });
  await client.connect(transport);
  return client;
}
