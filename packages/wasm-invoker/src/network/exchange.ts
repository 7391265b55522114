/** One hop: is it allowed, where does it go, with which secrets; then the request is sent and the answer's head read. */
import { type BoundSecret, decideNetwork, hostOfUrl, type NetworkGrants, smallestGrant } from "@toolpocket/core";
import type { Dispatcher } from "undici";
import { withAcceptEncoding } from "./accept-encoding.ts";
import { checkedAddresses, type ResolveHost } from "./checked-addresses.ts";
import type { Connections } from "./connections.ts";
import type { DenialLog } from "./denial-log.ts";
import { type Header, headerValues, pairHeaders } from "./headers.ts";
import type { SecretMask } from "./mask-secrets.ts";
import type { ResolvedNetworkLimits } from "./network-limits.ts";
import {
  bodyReplacements,
  isSecretGranted,
  putSecretsInHeaders,
  putSecretsInTarget,
  type ReleaseSecret,
} from "./put-secrets.ts";
import type { OutgoingRequest } from "./read-fetch-request.ts";
import { outgoingBody, type RequestBody } from "./request-body.ts";

/** One request of a chain of redirects. */
export interface Hop {
  readonly request: OutgoingRequest;
  readonly body: RequestBody;
}

/** What holds for every hop of a run. */
export interface ExchangeContext {
  readonly grants: NetworkGrants;
  readonly secrets: readonly BoundSecret[];
  readonly mask: SecretMask;
  readonly connections: Connections;
  readonly limits: ResolvedNetworkLimits;
  readonly log: DenialLog;
  readonly resolve: ResolveHost;
  readonly isPublic: (address: string) => boolean;
}

export interface ExchangeOptions {
  readonly signal: AbortSignal;
  /** Told of the bytes of the body as they are sent. */
  onSent(bytes: number): void;
}

export interface ServerAnswer {
  readonly status: number;
  readonly statusText: string;
  /** As they came. */
  readonly headers: readonly Header[];
  readonly body: Dispatcher.ResponseData["body"];
}

const USER_AGENT = "toolpocket";

/** @throws HostCallError; what undici throws; the signal's reason. */
export async function exchange(
  { request, body }: Hop,
  context: ExchangeContext,
  { signal, onSent }: ExchangeOptions,
): Promise<ServerAnswer> {
  const { secrets, limits } = context;
  const addresses = await allowedAddresses(request, context, signal);
  const release = releaser(request, context);
  const target = putSecretsInTarget(request.url, secrets, release);
  const headers = putSecretsInHeaders(withDefaults(request, context.mask), secrets, release);
  const { content, length } = outgoingBody(body, bodyReplacements(request.headers, secrets, release));
  // undici counts a kept body itself; without a length a stream goes in chunks.
  const lengthHeader: Header[] =
    Buffer.isBuffer(content) || length === undefined ? [] : [["content-length", String(length)]];

  const answer = await context.connections.to(request.url, addresses, limits.maxHeaderBytes).request({
    method: request.method,
    path: target,
    headers: [...headers, ...lengthHeader].flat(),
    // undici takes any iterable of chunks; its types name only some.
    body: (Buffer.isBuffer(content) ? counted(content, onSent) : countedStream(content, onSent)) as Buffer,
    signal,
    responseHeaders: "raw",
  });
  return {
    status: answer.statusCode,
    statusText: answer.statusText,
    headers: pairHeaders(answer.headers as unknown as readonly string[]),
    body: answer.body,
  };
}

async function allowedAddresses(
  request: OutgoingRequest,
  { grants, log, resolve, isPublic }: ExchangeContext,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { method, url } = request;
  const decision = decideNetwork(grants, request);
  if (!decision.allowed) {
    const { message, grant } = decision;
    throw log.deny(request, { kind: "network", message, ...(grant !== undefined && { grant }) });
  }
  const { isPrivate } = decision;
  const { addresses, hasPrivate } = await checkedAddresses(url, {
    grants,
    method,
    isPrivate,
    resolve,
    isPublic,
    signal,
  });
  if (addresses.length > 0) return addresses;
  const grant = hasPrivate ? smallestGrant(request, { isPrivate: true }) : undefined;
  throw log.deny(request, {
    kind: "network",
    message: `${hostOfUrl(url)} is ${hasPrivate ? "not on the public internet" : "at an address that is denied"}`,
    ...(grant !== undefined && { grant }),
  });
}

function releaser(request: OutgoingRequest, { log }: ExchangeContext): ReleaseSecret {
  return (secret) => {
    if (isSecretGranted(secret, request)) return secret.value;
    throw log.deny(request, {
      kind: "secret",
      message: `the secret ${secret.name} may not go to ${request.url.protocol}//${request.url.host}`,
    });
  };
}

function withDefaults({ headers, decompress }: OutgoingRequest, mask: SecretMask): readonly Header[] {
  const accepting = withAcceptEncoding(headers, decompress || mask.forGuest.length > 0);
  return headerValues(headers, "user-agent").length > 0 ? accepting : [...accepting, ["user-agent", USER_AGENT]];
}

function counted(content: Buffer, onSent: (bytes: number) => void): Buffer {
  onSent(content.length);
  return content;
}

async function* countedStream(
  content: AsyncIterable<Uint8Array>,
  onSent: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    onSent(chunk.length);
    yield chunk;
  }
}
