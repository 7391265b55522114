/** The sessions of clients that speak the revisions of 2025: one server each, a bounded number of them. */
import { randomUUID } from "node:crypto";
import { type Server, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";

/** A session that was silent for so long gives way to a new one when there are as many as may be. */
const SESSION_IDLE_MS = 5 * 60_000;

export interface SessionsOptions {
  readonly createServer: () => Server;
  readonly maxSessions: number;
  readonly maxBodyBytes: number;
}

export interface Sessions {
  handle(request: Request): Promise<Response>;
  readonly size: number;
  close(): Promise<void>;
}

interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  lastUsedMs: number;
}

export function createSessions({ createServer, maxSessions, maxBodyBytes }: SessionsOptions): Sessions {
  const sessions = new Map<string, Session>();
  let opening = 0;

  const open = async (request: Request): Promise<Response> => {
    if (!(await makeRoom(sessions, maxSessions - opening)))
      return refuse(503, `there are ${maxSessions} sessions already`);
    opening += 1;
    try {
      const transport: WebStandardStreamableHTTPServerTransport = new WebStandardStreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        maxRequestBodySize: maxBodyBytes,
        onsessioninitialized: (id) => void sessions.set(id, { transport, lastUsedMs: performance.now() }),
        onsessionclosed: (id) => void sessions.delete(id),
      });
      const server = createServer();
      await server.connect(transport);
      const response = await transport.handleRequest(request);
      // Whatever was no handshake opened no session.
      if (transport.sessionId === undefined) await server.close();
      return response;
    } finally {
      opening -= 1;
    }
  };

  return {
    async handle(request) {
      const id = request.headers.get("mcp-session-id");
      if (id === null) return request.method === "POST" ? open(request) : refuse(400, "a session's id is missing");
      const session = sessions.get(id);
      if (session === undefined) return refuse(404, "there is no such session");
      session.lastUsedMs = performance.now();
      return session.transport.handleRequest(request);
    },
    get size() {
      return sessions.size;
    },
    async close() {
      const all = [...sessions.values()];
      sessions.clear();
      await Promise.all(all.map(({ transport }) => transport.close()));
    },
  };
}

/** Whether one more fits, after the session that was silent the longest has gone where that was long enough. */
async function makeRoom(sessions: Map<string, Session>, maxSessions: number): Promise<boolean> {
  if (sessions.size < maxSessions) return true;
  const oldest = [...sessions].reduce<[string, Session] | undefined>(
    (found, one) => (found === undefined || one[1].lastUsedMs < found[1].lastUsedMs ? one : found),
    undefined,
  );
  if (oldest === undefined || performance.now() - oldest[1].lastUsedMs < SESSION_IDLE_MS) return false;
  sessions.delete(oldest[0]);
  await oldest[1].transport.close();
  return true;
}

function refuse(status: number, message: string): Response {
  return Response.json({ jsonrpc: "2.0", error: { code: -32_000, message }, id: null }, { status });
}
