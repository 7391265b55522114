/** A server in the place of OpenAI's: answers each request with the next of a script, and keeps what it was sent. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import OpenAI from "openai";

export interface ScriptedServer extends AsyncDisposable {
  readonly client: OpenAI;
  /** The bodies of the requests, in order. */
  readonly bodies: readonly Record<string, unknown>[];
}

export async function startScriptedServer(script: readonly object[]): Promise<ScriptedServer> {
  const bodies: Record<string, unknown>[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(JSON.parse(await text(request)));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(script[bodies.length - 1]));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    client: new OpenAI({ apiKey: "none", baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 }),
    bodies,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
