/** What a request must have before anything of it is read: a host of ours, an origin of ours, the token. */
import { createHash, timingSafeEqual } from "node:crypto";
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
  const hosts = [...localhostAllowedHostnames(), ...allowedHosts];
  const origins = [...localhostAllowedOrigins(), ...allowedHosts];
  return (request) =>
    hostHeaderValidationResponse(request, hosts) ??
    originValidationResponse(request, origins) ??
    (token === undefined || isBearer(request, token) ? undefined : refuse());
}

function isBearer(request: Request, token: string): boolean {
  const [, given] = /^Bearer +(.+)$/iu.exec(request.headers.get("authorization") ?? "") ?? [];
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
