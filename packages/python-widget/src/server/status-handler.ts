/** Serves the state of a Python tool to `<pocket-python src=…>`: as JSON, and as server-sent events to who asks for them. */
import type { PythonToolStatus } from "../python-tool-state.ts";
import { streamStates } from "./stream-states.ts";

/** A request handler of the fetch kind: Hono, Deno, Bun and `@hono/node-server` take it as it is. */
export type StatusHandler = (request: Request) => Response;

/** Answers GET. What the state holds is told to everybody who may ask: authentication is the server's. */
export function createStatusHandler(tool: PythonToolStatus): StatusHandler {
  return ({ method, headers, signal }) => {
    if (method !== "GET") return new Response(null, { status: 405, headers: { Allow: "GET" } });
    const answer = { "Cache-Control": "no-store", Vary: "Accept", "X-Content-Type-Options": "nosniff" };
    return headers.get("Accept")?.includes("text/event-stream")
      ? new Response(streamStates(tool, signal), { headers: { ...answer, "Content-Type": "text/event-stream" } })
      : Response.json(tool.getState(), { headers: answer });
  };
}
