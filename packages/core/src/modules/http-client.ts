/** HTTP for fetching modules: bounded redirects, no step down from https, no private address where a tool names the host. */
import type { Readable } from "node:stream";
import { isIP } from "node:net";
import type { Dispatcher } from "undici";
import { isPocketError, type PocketError } from "../errors.ts";
import type { HostAccess, HostCredentials, HostDirectory } from "./host-access.ts";
import { refuseModule, tooLarge, toUnreachable } from "./module-failure.ts";
import { isPublicAddress } from "../network/public-address.ts";
import { isLoopbackHost, lookUpPublic, PrivateAddressError } from "./private-address.ts";

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export interface HttpClientOptions {
  /** What is fetched, as the user knows it. */
  readonly reference: string;
  readonly hosts: HostDirectory;
  /** Whether the user named the place himself; else hosts with private addresses are refused. */
  readonly isTrusted: boolean;
  readonly signal: AbortSignal;
}

export interface HttpRequest {
  readonly url: URL;
  /** @defaultValue "GET" */
  readonly method?: "GET" | "HEAD" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export interface HttpAnswer {
  readonly status: number;
  /** Where it came from, after redirects. */
  readonly url: URL;
  /** The first value of a header; names in lower case. */
  header(name: string): string | undefined;
  readonly body: Readable;
  /** Ends the body without reading it. */
  discard(): void;
}

/** One client does one piece of work, and is closed at its end. */
export interface HttpClient extends AsyncDisposable {
  readonly options: HttpClientOptions;
  /**
   * The answer, whatever its status. The body has to be read or discarded. Credentials stay with the origin they were for.
   * @throws PocketError ERR_POCKET_SOURCE_UNREACHABLE, ERR_POCKET_MODULE_REFUSED, or the signal's reason
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** What is known for a host; of one that only a tool names, what stands in the settings, and no login of the user. */
  readCredentials(host: string): Promise<HostCredentials | undefined>;
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const dispatchers = new Map<string, Promise<Dispatcher>>();
  const dispatcherOf = (url: URL): Promise<Dispatcher> => {
    const known = dispatchers.get(url.host) ?? createDispatcher(options.hosts.find(url.host), options);
    dispatchers.set(url.host, known);
    return known;
  };
  return {
    options,
    async send(request) {
      let { url, headers = {}, body, method = "GET" } = request;
      for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
        checkUrl(url, options);
        const answer = await sendOnce(
          { url, headers, method, ...(body && { body }) },
          await dispatcherOf(url),
          options,
        );
        const location = REDIRECTS.has(answer.status) ? answer.header("location") : undefined;
        if (location === undefined) return answer;
        answer.discard();
        const next = followRedirect(url, location, options);
        if (next.origin !== url.origin) headers = withoutAuthorization(headers);
        if (answer.status === 303) [method, body] = ["GET", undefined];
        url = next;
      }
      throw refuseModule(
        options.reference,
        `is redirected more than ${MAX_REDIRECTS} times`,
        "name the address that it ends at",
      );
    },
    async readCredentials(host) {
      const access = options.hosts.find(host);
      return options.isTrusted || access.isKnown ? access.readCredentials() : undefined;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...dispatchers.values()].map(async (dispatcher) => (await dispatcher).destroy()));
    },
  };
}

/**
 * The body as bytes.
 * @throws PocketError ERR_POCKET_MODULE_REFUSED as soon as it is larger than `maxBytes`, ERR_POCKET_SOURCE_UNREACHABLE
 * when it breaks off
 */
export async function readBody(answer: HttpAnswer, maxBytes: number, options: HttpClientOptions): Promise<Uint8Array> {
  const { reference, signal } = options;
  try {
    if (Number(answer.header("content-length") ?? 0) > maxBytes) throw tooLarge(reference, maxBytes);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(reference, maxBytes);
      chunks.push(chunk);
    }
    return new Uint8Array(Buffer.concat(chunks, size));
  } catch (error) {
    signal.throwIfAborted();
    throw isPocketError(error) ? error : toUnreachable({ reference, host: answer.url.host }, error);
  } finally {
    answer.discard();
  }
}

async function createDispatcher({ ca, isKnown }: HostAccess, { isTrusted }: HttpClientOptions): Promise<Dispatcher> {
  // Loaded here, because it takes longer than all that a Pocket does whose modules are in the store.
  const [{ EnvHttpProxyAgent }, { getCACertificates }] = await Promise.all([import("undici"), import("node:tls")]);
  const connect = {
    ...(ca !== undefined && { ca: [...getCACertificates("default"), ca] }),
    ...(!isTrusted && !isKnown && { lookup: lookUpPublic }),
  };
  return new EnvHttpProxyAgent({ connect, requestTls: connect });
}

async function sendOnce(
  { url, headers, method, body }: HttpRequest,
  dispatcher: Dispatcher,
  { reference, signal }: HttpClientOptions,
): Promise<HttpAnswer> {
  try {
    const { request } = await import("undici");
    const answer = await request(url, {
      dispatcher,
      signal,
      method: method ?? "GET",
      headers: { "user-agent": "toolpocket", ...headers },
      ...(body !== undefined && { body }),
    });
    return {
      status: answer.statusCode,
      url,
      header: (name) => [answer.headers[name]].flat()[0],
      body: answer.body,
      discard: () => {
        // A body that is ended before its time says so by an error.
        answer.body.on("error", () => {}).destroy();
      },
    };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PrivateAddressError) throw privateAddress(reference, url, error.address);
    throw toUnreachable({ reference, host: url.host }, error);
  }
}

function checkUrl(url: URL, { hosts, isTrusted, reference }: HttpClientOptions): void {
  const access = hosts.find(url.host);
  if (url.protocol === "http:" && !access.isInsecure) {
    throw refuseModule(
      reference,
      `would come over http from ${url.host}, where anyone on the way can change it`,
      `use https, or allow it: [registries."${url.host}"] insecure = true in settings.toml`,
    );
  }
  if (isTrusted || access.isKnown) return;
  const hostname = url.hostname.replace(/^\[|\]$/gu, "");
  const isPrivate = isIP(hostname) === 0 ? isLoopbackHost(hostname) : !isPublicAddress(hostname);
  if (isPrivate) throw privateAddress(reference, url, hostname);
}

function privateAddress(reference: string, { host }: URL, address: string): PocketError {
  return refuseModule(
    reference,
    `stands in a tool's manifest and leads to ${host}, whose address ${address} is not public`,
    `if you know that host, name it: [registries."${host}"] in settings.toml`,
    { address },
  );
}

function followRedirect(from: URL, location: string, { reference }: HttpClientOptions): URL {
  const next = URL.parse(location, from.href);
  if (next === null || !["http:", "https:"].includes(next.protocol)) {
    throw refuseModule(reference, "is redirected to what is no http address", "name the address itself");
  }
  if (from.protocol === "https:" && next.protocol === "http:") {
    throw refuseModule(
      reference,
      `is redirected from https to http, to ${next.host}`,
      "name an address that stays with https",
    );
  }
  next.username = "";
  next.password = "";
  return next;
}

function withoutAuthorization(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { authorization: _authorization, ...others } = headers;
  return others;
}
