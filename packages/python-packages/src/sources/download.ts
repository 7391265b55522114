/** One download from an index or a distribution: bounded in size and time, credentials only for their own host. */
import {
  createHttpClient,
  type HostDirectory,
  type HttpAnswer,
  PocketError,
  readBody,
  toBasic,
} from "@toolpocket/core";
import { quoteForeign } from "../package-failure.ts";

/** A page that says why something is refused is short; more of it is not read. */
const MAX_REASON_BYTES = 65_536;

export interface DownloadOptions {
  /** What is fetched, for messages. */
  readonly reference: string;
  readonly hosts: HostDirectory;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly accept?: string;
  /** Of the URL that the user gave: user and password are for its origin alone. */
  readonly login?: URL;
}

export type Download =
  | { readonly found: true; readonly bytes: Uint8Array; readonly mediaType: string; readonly url: URL }
  /** The server's own words where it has some. */
  | { readonly found: false; readonly status: number; readonly reason: string };

/** @throws PocketError ERR_POCKET_SOURCE_UNREACHABLE, ERR_POCKET_FETCH_TIMEOUT, ERR_POCKET_MODULE_REFUSED; the signal's reason */
export async function download(url: URL, options: DownloadOptions): Promise<Download> {
  const { reference, hosts, timeoutMs } = options;
  const limit = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([options.signal, limit]);
  try {
    await using http = createHttpClient({ reference, hosts, isTrusted: true, signal });
    const headers = {
      ...(options.accept !== undefined && { accept: options.accept }),
      ...readLogin(url, options.login),
    };
    let answer = await http.send({ url: withoutLogin(url), headers });
    if (answer.status === 401 && !("authorization" in headers)) {
      const credentials = await http.readCredentials(url.host);
      if (credentials !== undefined) {
        answer.discard();
        answer = await http.send({
          url: withoutLogin(url),
          headers: { ...headers, authorization: toBasic(credentials) },
        });
      }
    }
    const mediaType = answer.header("content-type") ?? "";
    if (answer.status === 200) {
      return { found: true, bytes: await readBody(answer, options.maxBytes, http.options), mediaType, url: answer.url };
    }
    const reason = await readReason(answer, mediaType);
    return { found: false, status: answer.status, reason: `${answer.status}${reason === "" ? "" : ` ${reason}`}` };
  } catch (error) {
    if (!limit.aborted || options.signal.aborted) throw error;
    throw new PocketError("ERR_POCKET_FETCH_TIMEOUT", `fetching ${reference} took longer than ${timeoutMs} ms`, {
      hint: "try again later, or check your network",
      details: { reference, timeoutMs, retryable: true },
      cause: error,
    });
  }
}

/** What an index says of a request that it does not answer: a line of text, or the message in its JSON. */
async function readReason(answer: HttpAnswer, mediaType: string): Promise<string> {
  if (!/json|text\/plain/u.test(mediaType)) {
    answer.discard();
    return "";
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > MAX_REASON_BYTES) return "";
      chunks.push(chunk);
    }
  } catch {
    return "";
  } finally {
    answer.discard();
  }
  const text = new TextDecoder().decode(Buffer.concat(chunks));
  return quoteForeign(mediaType.includes("json") ? messageOf(text) : text);
}

function messageOf(text: string): string {
  try {
    const { message, detail, error } = JSON.parse(text) as Record<string, unknown>;
    return [message, detail, error].find((part) => typeof part === "string") ?? "";
  } catch {
    return "";
  }
}

function readLogin(url: URL, login: URL | undefined): { authorization?: string } {
  if (login === undefined || login.username === "" || login.origin !== url.origin) return {};
  return {
    authorization: toBasic({
      username: decodeURIComponent(login.username),
      password: decodeURIComponent(login.password),
    }),
  };
}

function withoutLogin(url: URL): URL {
  const plain = new URL(url);
  plain.username = "";
  plain.password = "";
  return plain;
}
