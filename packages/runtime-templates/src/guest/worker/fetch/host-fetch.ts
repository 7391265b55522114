/** `fetch` through the door to the host: the browser's own classes, the host's network, Node's errors. */
import type { FetchAnswer, FetchRequest } from "../../../protocol/host-calls.ts";
import type { CallHost } from "../host-calls.ts";
import { readDataUrl } from "./data-url.ts";
import { toNetworkError } from "./network-error.ts";
import { relayStream } from "./relay-stream.ts";
import { ServerRequest, type ServerRequestInit } from "./request-class.ts";
import { FetchedResponse, hasBody } from "./response-class.ts";

export type HostFetch = (input: RequestInfo | URL, init?: ServerRequestInit) => Promise<Response>;

/** What Node's fetch sends where the program says nothing. */
const DEFAULT_HEADERS: readonly (readonly [string, string])[] = [
  ["accept", "*/*"],
  ["accept-language", "*"],
  ["sec-fetch-mode", "cors"],
  ["user-agent", "node"],
  ["accept-encoding", "gzip, deflate, br"],
];

/** Never follows a redirect itself: the host does, and checks each hop. */
export function createHostFetch(callHost: CallHost): HostFetch {
  return async (input, init) => {
    const request = new ServerRequest(input, init);
    request.signal.throwIfAborted();
    const url = new URL(request.url);
    if (url.protocol === "data:") return readDataUrl(url);
    if (url.protocol !== "http:" && url.protocol !== "https:") {
      throw new TypeError("fetch failed", { cause: new Error("unknown scheme") });
    }
    const body = await readBody(request);
    const asked: FetchRequest = {
      method: request.method,
      url: withoutFragment(url),
      headers: [...toHeaders(request, body)],
      redirect: request.redirect,
      decompress: true,
    };
    const { signal } = request;
    try {
      const reply = await callHost("fetch", asked, { body, signal });
      const answer = reply.answer as FetchAnswer;
      if (!hasBody(request.method, answer.status)) {
        await reply.body.cancel();
        return new FetchedResponse(null, answer);
      }
      return new FetchedResponse(
        relayStream(reply.body, (read) => read.catch(failAs("terminated", url))),
        answer,
      );
    } catch (error) {
      return failAs("fetch failed", url)(error);
    }
  };
}

/** Rejects with a TypeError whose cause is the network's error; an abort stays what it is. */
function failAs(message: string, url: URL): (error: unknown) => never {
  return (error) => {
    const cause = toNetworkError(error, url);
    throw cause === error ? error : new TypeError(message, { cause });
  };
}

async function readBody(request: ServerRequest): Promise<ReadableStream<Uint8Array> | Uint8Array | undefined> {
  if (request.body === null) return undefined;
  return request.streamsBody ? request.body : new Uint8Array(await request.arrayBuffer());
}

function toHeaders(request: ServerRequest, body: ReadableStream<Uint8Array> | Uint8Array | undefined): Headers {
  const headers = new Headers(request.headers);
  for (const [name, value] of DEFAULT_HEADERS) if (!headers.has(name)) headers.set(name, value);
  const isEmptyPost = body === undefined && (request.method === "POST" || request.method === "PUT");
  if (body instanceof Uint8Array) headers.set("content-length", String(body.length));
  else if (isEmptyPost) headers.set("content-length", "0");
  else headers.delete("content-length");
  return headers;
}

function withoutFragment({ href }: URL): string {
  const end = href.indexOf("#");
  return end < 0 ? href : href.slice(0, end);
}
