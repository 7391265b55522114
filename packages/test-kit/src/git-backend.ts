/** `git http-backend` behind node:http: one CGI process for each request (RFC 3875). */
import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { gitServerEnvironment } from "./git-command.ts";

export interface GitBackendRequest {
  /** Folder of the repositories. */
  readonly root: string;
  readonly url: URL;
  /** What the client sent, whole. */
  readonly body: Uint8Array;
  /** Protocol versions above 0. */
  readonly allowsNewProtocol: boolean;
}

/** Answers `request` with what git says, and returns the status. */
export async function answerWithGit(
  request: IncomingMessage,
  response: ServerResponse,
  { root, url, body, allowsNewProtocol }: GitBackendRequest,
): Promise<number> {
  const protocol = request.headers["git-protocol"];
  const child = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      ...gitServerEnvironment(),
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? "GET",
      REMOTE_ADDR: "127.0.0.1",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      CONTENT_LENGTH: String(body.length),
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      ...(allowsNewProtocol && typeof protocol === "string" && { GIT_PROTOCOL: protocol }),
    },
  });
  // The client may leave before it has read everything, git before it was told everything: both are theirs to say.
  child.stdin.on("error", () => undefined);
  response.on("close", () => child.kill());
  child.stdin.end(body);

  let head = Buffer.alloc(0);
  let status: number | undefined;
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    if (status !== undefined) {
      response.write(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end === -1) continue;
    status = writeHead(response, head.toString("latin1", 0, end));
    response.write(head.subarray(end + 4));
  }
  if (status === undefined) response.writeHead(500);
  response.end();
  return status ?? 500;
}

/** Turns the CGI header into that of the response. */
function writeHead(response: ServerResponse, text: string): number {
  let status = 200;
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (name.toLowerCase() === "status") status = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.writeHead(status);
  return status;
}
