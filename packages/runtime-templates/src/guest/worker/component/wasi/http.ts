/** `wasi:http`: outgoing requests through the door to the host; nothing comes in. */
import * as http from "@bytecodealliance/preview2-shim/http";
import type { CallHost } from "../../host-calls.ts";
import { createHostFetch } from "../../fetch/host-fetch.ts";
import type { ComponentImports } from "../glue.ts";

/** The code of an error whose cause is a network that was not granted. */
const REFUSED_CODE = "EACCES";

interface FutureResponse {
  get(): { tag: "ok"; val: { tag: "ok" | "err"; val: unknown } } | { tag: "err" } | undefined;
}

/** The shim's classes over our fetch: what was denied is told as WASI has it. */
export function createHttp(callHost: CallHost): ComponentImports {
  const fetch = createHostFetch(callHost);
  // The shim looks for the realm's own, which the worker has none of.
  globalThis.fetch = ((input: RequestInfo | URL, init?: RequestInit) =>
    fetch(input, init as Parameters<typeof fetch>[1]).catch(markRefused)) as typeof globalThis.fetch;
  const { FutureIncomingResponse } = http.types;
  const future = FutureIncomingResponse.prototype as unknown as FutureResponse;
  const { get } = future;
  future.get = function getTold(this: FutureResponse) {
    const answer = get.call(this);
    if (answer?.tag === "ok" && answer.val.tag === "err") answer.val.val = toErrorCode(answer.val.val);
    return answer;
  };
  return {
    "wasi:http/types": http.types,
    "wasi:http/outgoing-handler": http.outgoingHandler,
  } as unknown as ComponentImports;
}

/** The shim keeps nothing of an error but its message. */
const REFUSED = "refused";
const MARK = `${REFUSED}: `;

function markRefused(error: unknown): never {
  const cause = error instanceof Error ? error.cause : undefined;
  const reason = cause instanceof Error ? cause : undefined;
  const isRefused = reason !== undefined && "code" in reason && reason.code === REFUSED_CODE;
  throw new TypeError(`${isRefused ? MARK : ""}${reason?.message ?? String(error)}`, { cause: error });
}

interface ErrorCode {
  readonly tag: string;
  readonly val?: unknown;
}

function toErrorCode(given: unknown): unknown {
  const { tag, val } = given as ErrorCode;
  return tag === "internal-error" && String(val).startsWith(MARK) ? { tag: "HTTP-request-denied" } : given;
}
