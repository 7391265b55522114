/** A service `fetch` without rules, for what lies on this side of the broker: the door and what guests make of it. */
import { request as startRequest, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { HostCallError, type HostService, type JsonValue } from "@toolpocket/core";
import type { FetchRequest } from "@toolpocket/runtime-templates";

const CODES: Readonly<Record<string, string>> = { ECONNREFUSED: "unreachable", ENOTFOUND: "dns" };
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Refuses the host `denied.example`, finds no other name, and reaches addresses as they are. */
export const plainFetch: HostService = async ({ request, body, signal }) => {
  const asked = request as unknown as FetchRequest;
  let url = new URL(asked.url);
  let { method } = asked;
  if (url.hostname === "denied.example") throw new HostCallError("denied", `${method} ${url.origin} is not granted`);
  let redirected = false;
  let answer = await send(method, url, asked, body, signal);
  while (REDIRECTS.has(answer.statusCode ?? 0) && asked.redirect !== "manual") {
    if (asked.redirect === "error") throw new HostCallError("redirect", "the answer is a redirect");
    url = new URL(answer.headers.location ?? "", url);
    if (answer.statusCode !== 307) method = "GET";
    redirected = true;
    answer.resume();
    const headers = asked.headers.filter(([name]) => !/^content-/iu.test(name));
    answer = await send(method, url, { ...asked, headers }, Readable.from([]), signal);
  }
  const packed = asked.decompress && answer.headers["content-encoding"] === "gzip";
  const headers: [string, string][] = [];
  for (let index = 0; index < answer.rawHeaders.length; index += 2) {
    const name = answer.rawHeaders[index] ?? "";
    if (packed && /^content-(?:length|encoding)$/iu.test(name)) continue;
    if (/^(?:transfer-encoding|connection|keep-alive)$/iu.test(name)) continue;
    headers.push([name, answer.rawHeaders[index + 1] ?? ""]);
  }
  const told = {
    status: answer.statusCode ?? 0,
    statusText: answer.statusMessage ?? "",
    url: url.href,
    redirected,
    headers,
  } satisfies Record<string, JsonValue>;
  return { answer: told, body: readBody(packed ? answer.pipe(createGunzip()) : answer) };
};

async function* readBody(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (cause) {
    throw new HostCallError("unreachable", "the connection broke", { cause });
  }
}

async function send(
  method: string,
  url: URL,
  { headers }: FetchRequest,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = startRequest(url, { method, signal });
  for (const [name, value] of headers) {
    if (!/^(?:host|connection|transfer-encoding)$/iu.test(name)) request.appendHeader(name, value);
  }
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.on("response", resolve);
    request.on("error", (error: NodeJS.ErrnoException) =>
      reject(new HostCallError(CODES[error.code ?? ""] ?? "reset", error.message, { cause: error })),
    );
  });
  // What goes wrong with the body goes wrong with the request, which tells.
  pipeline(body, request).catch(() => undefined);
  return answered;
}
