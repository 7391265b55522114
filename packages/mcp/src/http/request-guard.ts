/** What a request must have before anything of it is read: a host of ours, an origin of ours, the token. */
import { createHash, timingSafeEqual } from "node:crypto";
import { isIPv6 } from "node:net";
import { PocketError } from "@toolpocket/core";
import {
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from "@modelcontextprotocol/server";

export interface RequestGuardOptions {
  /** Names by which clients may call this server, beside those of the loopback. */
  readonly allowedHosts: readonly string[];
  /** Without one, whoever reaches the port may call. */
  readonly token?: string | undefined;
}

export type RequestGuard = (request: Request) => Response | undefined;

/**
 * A guard that gives the refusal, or undefined for a request that may pass. A page of a foreign site that bound its name to
 * this address is told by its `Host` and its `Origin`.
 */
export function createRequestGuard({ allowedHosts, token }: RequestGuardOptions): RequestGuard {
  const own = allowedHosts.map(toHostname);
  const hosts = [...localhostAllowedHostnames(), ...own];
  const origins = [...localhostAllowedOrigins(), ...own];
  return (request) =>
    hostHeaderValidationResponse(request, hosts) ??
    originValidationResponse(request, origins) ??
    (token === undefined || isBearer(request, token) ? undefined : refuse());
}

/**
 * The name as URLs spell it, which is what requests are compared with: in lower case, IPv6 in brackets.
 * @throws PocketError ERR_POCKET_SERVER_START for what is no name of a machine
 */
function toHostname(name: string): string {
  const url = URL.parse(`http://${isIPv6(name) ? `[${name}]` : name}`);
  const isWhole = url !== null && url.href === `http://${url.hostname}/`;
  if (isWhole && /^(?:[\w.-]+|\[[\da-f:.]+\])$/u.test(url.hostname)) return url.hostname;
  throw new PocketError("ERR_POCKET_SERVER_START", `${JSON.stringify(name)} is no name of a machine`, {
    hint: "write it without scheme, port and path, for example `--allow-host my-computer.local`",
    details: { host: name },
  });
}

/**
 * The token, where a header can carry it.
 * @throws PocketError ERR_POCKET_SERVER_START
 */
export function checkToken(token: string | undefined): string | undefined {
  if (token === undefined || /^[!-~](?:[ -~]*[!-~])?$/u.test(token)) return token;
  throw new PocketError("ERR_POCKET_SERVER_START", "the token has characters that no request can carry", {
    hint: "use letters, digits and signs of ASCII, for example what `openssl rand -hex 32` prints",
  });
}

function isBearer(request: Request, token: string): boolean {
  const [, given] = /^Bearer +([^ ].*)$/iu.exec(request.headers.get("authorization") ?? "") ?? [];
  return given !== undefined && isSame(given, token);
}

/** Digests have one length, and comparing them takes one time, whatever was given. */
function isSame(given: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function refuse(): Response {
  const error = { code: -32_001, message: "Unauthorized: a bearer token is needed" };
  return Response.json(
    { jsonrpc: "2.0", error, id: null },
    { status: 401, headers: { "www-authenticate": 'Bearer realm="toolpocket"' } },
  );
}
