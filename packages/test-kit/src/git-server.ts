/** A real git server: smart HTTP on loopback, with a log of what it was asked. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { answerWithGit } from "./git-backend.ts";
import { createGitRepository, type GitRepository } from "./git-repository.ts";

export interface GitServerOptions {
  /** Folder of the repositories. @defaultValue a temporary one, removed at the end */
  readonly root?: string;
  /** Answers only who knows these. */
  readonly auth?: { readonly username: string; readonly password: string };
  /** Speak protocol version 2 to who asks for it. @defaultValue true */
  readonly allowsNewProtocol?: boolean;
}

/** One request that the server answered. */
export interface GitRequest {
  /** Name of the repository. */
  readonly repository: string;
  /** "refs" for the advertisement that begins every exchange, else what was asked: "ls-refs" or "fetch". */
  readonly command: "refs" | "ls-refs" | "fetch";
  readonly status: number;
}

export interface GitServer {
  /** `http://127.0.0.1:<port>`, without a slash at its end. */
  readonly url: string;
  readonly root: string;
  /** All requests so far, in the order of their answers. */
  readonly requests: readonly GitRequest[];
  /** The repository with this name, made empty when it is first named. It lies at `<url>/<name>.git`. */
  repository(name: string): Promise<GitRepository>;
  /** Empties the log. */
  forgetRequests(): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startGitServer(options: GitServerOptions = {}): Promise<GitServer> {
  const root = options.root ?? (await mkdtemp(join(tmpdir(), "git-server-")));
  const requests: GitRequest[] = [];
  const repositories = new Map<string, Promise<GitRepository>>();
  const server = createServer((request, response) => {
    answer(request, response, { ...options, root }).then(
      (logged) => logged !== undefined && requests.push(logged),
      (error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  });
  const url = await listen(server);
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    if (options.root === undefined) await rm(root, { recursive: true, force: true });
  };

  return {
    url,
    root,
    requests,
    repository(name) {
      const known = repositories.get(name) ?? createGitRepository(join(root, `${name}.git`), `${url}/${name}.git`);
      repositories.set(name, known);
      return known;
    },
    forgetRequests: () => void requests.splice(0),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the git server has no port");
  return `http://127.0.0.1:${address.port}`;
}

/** The entry for the log; nothing for a request that is no part of an exchange. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { root, auth, allowsNewProtocol = true }: GitServerOptions & { readonly root: string },
): Promise<GitRequest | undefined> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const body = Buffer.concat((await request.toArray()) as Buffer[]);
  const repository = /^\/(?<name>.+?)(?:\.git)?\/(?:info\/refs|git-upload-pack)$/u.exec(url.pathname)?.groups?.["name"];
  const status = isAllowed(request, auth)
    ? await answerWithGit(request, response, { root, url, body, allowsNewProtocol })
    : refuse(response);
  if (repository === undefined) return undefined;
  const command = url.pathname.endsWith("/info/refs") ? "refs" : commandOf(request, body);
  return { repository: decodeURIComponent(repository), command, status };
}

function isAllowed(request: IncomingMessage, auth: GitServerOptions["auth"]): boolean {
  if (auth === undefined) return true;
  const expected = Buffer.from(`${auth.username}:${auth.password}`).toString("base64");
  return request.headers.authorization === `Basic ${expected}`;
}

function refuse(response: ServerResponse): number {
  response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
  return 401;
}

/** The command of a version 2 request stands in its first packet; before that version there was only fetch. */
function commandOf(request: IncomingMessage, body: Buffer): GitRequest["command"] {
  const plain = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  return plain.subarray(4, 64).toString("latin1").startsWith("command=ls-refs") ? "ls-refs" : "fetch";
}
