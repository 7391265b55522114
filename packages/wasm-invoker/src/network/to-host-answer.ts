/** Makes of a server's answer what the guest gets: headers of the message only, its secrets masked, its body bounded. */
import { type HostAnswer, HostCallError } from "@toolpocket/core";
import { canDecode } from "./decode-content.ts";
import type { ServerAnswer } from "./exchange.ts";
import { type Header, headerEntries, headerValues, withoutHeaders } from "./headers.ts";
import type { SecretMask } from "./mask-secrets.ts";
import type { ResolvedNetworkLimits } from "./network-limits.ts";
import type { OutgoingRequest } from "./read-fetch-request.ts";
import { responseBody, type ResponseBodyOptions, responseTooLarge } from "./response-body.ts";

/** They speak of the connection, which is the broker's. */
const CONNECTION_HEADERS = ["connection", "keep-alive", "proxy-connection", "trailer", "transfer-encoding", "upgrade"];
const BODILESS = new Set([204, 205, 304]);

export interface ToHostAnswerOptions extends Pick<
  ResponseBodyOptions,
  "onBegin" | "onReceived" | "onEnd" | "toFailure"
> {
  /** Of the last hop. */
  readonly request: OutgoingRequest;
  readonly redirected: boolean;
  readonly mask: SecretMask;
  readonly limits: ResolvedNetworkLimits;
}

/** @throws HostCallError `too_large`, or `protocol` where a body cannot be read and must be, to mask it. */
export function toHostAnswer(answer: ServerAnswer, options: ToHostAnswerOptions): HostAnswer {
  const { request, redirected, mask, limits } = options;
  const { status, body } = answer;
  try {
    const hasBody = request.method !== "HEAD" && !BODILESS.has(status);
    if (hasBody) checkLength(answer.headers, limits.maxResponseBytes);
    const encodings = hasBody ? encodingsToUndo(answer.headers, request.decompress, mask) : [];
    const changed = [
      ...(encodings.length > 0 ? ["content-encoding", "content-length"] : []),
      ...(hasBody && mask.forGuest.length > 0 ? ["content-length"] : []),
    ];
    const headers = withoutHeaders(answer.headers, [...CONNECTION_HEADERS, ...changed]);
    const reply = {
      status,
      statusText: mask.header(answer.statusText),
      url: request.url.href,
      redirected,
      headers: headers.map(([name, value]) => [mask.header(name), mask.header(value)]),
    };
    if (!hasBody) {
      body.resume();
      return { answer: reply };
    }
    const { maxResponseBytes: maxBytes } = limits;
    return { answer: reply, body: responseBody(body, { ...options, maxBytes, encodings, mask: mask.forGuest }) };
  } catch (error) {
    options.onEnd(options.toFailure(error));
    body.destroy();
    throw error;
  }
}

function checkLength(headers: readonly Header[], maxBytes: number): void {
  if (headerValues(headers, "content-length").some((length) => Number(length) > maxBytes))
    throw responseTooLarge(maxBytes);
}

/** The encodings to undo: for a guest that wants it, and for the mask, which cannot see into compressed bytes. */
function encodingsToUndo(headers: readonly Header[], decompress: boolean, mask: SecretMask): readonly string[] {
  const encodings = headerEntries(headers, "content-encoding");
  const isMasked = mask.forGuest.length > 0;
  if (!decompress && !isMasked) return [];
  if (canDecode(encodings)) return encodings;
  if (!isMasked) return [];
  throw new HostCallError("protocol", "the answer has a Content-Encoding that was not asked for");
}
