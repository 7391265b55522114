/** What a redirect makes of a request: the next hop, as fetch() would ask it. */
import { type BoundSecret, HostCallError } from "@toolpocket/core";
import type { Hop, ServerAnswer } from "./exchange.ts";
import { headerValues, withoutHeaders } from "./headers.ts";
import type { SecretMask } from "./mask-secrets.ts";
import { isSecretGranted, secretsInHeader } from "./put-secrets.ts";
import { readRequestUrl } from "./read-fetch-request.ts";
import { NO_BODY } from "./request-body.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** They describe a body that is not sent again. */
const BODY_HEADERS = ["content-encoding", "content-language", "content-location", "content-type"];
/** They speak to the first origin only. */
const ORIGIN_HEADERS = ["authorization", "cookie"];

/** Where the answer redirects to, with placeholders for the secrets that it echoes; undefined where it does not. */
export function redirectLocation({ status, headers }: ServerAnswer, mask: SecretMask): string | undefined {
  const [location] = REDIRECTS.has(status) ? headerValues(headers, "location") : [];
  return location === undefined ? undefined : Buffer.from(mask.header(location), "latin1").toString();
}

/** @throws HostCallError `protocol` where the location is no URL to fetch, or the body cannot be sent again. */
export function followRedirect(
  { request, body }: Hop,
  status: number,
  { location, secrets }: { readonly location: string; readonly secrets: readonly BoundSecret[] },
): Hop {
  const url = readRequestUrl(location, request.url);
  const { method } = request;
  const isGetNow = status === 303 ? method !== "GET" && method !== "HEAD" : status <= 302 && method === "POST";
  const next = { ...request, url, method: isGetNow ? "GET" : method };
  let headers = isGetNow ? withoutHeaders(request.headers, BODY_HEADERS) : request.headers;
  if (url.origin !== request.url.origin) {
    // A secret that the next host may not have is left out: the tool did not choose to send it there.
    headers = withoutHeaders(headers, ORIGIN_HEADERS).filter((header) => {
      return secretsInHeader(header, secrets).every((secret) => isSecretGranted(secret, next));
    });
  }
  if (!isGetNow && body.kind === "stream") {
    throw new HostCallError("protocol", "a redirect asks for the body again, which was too large to keep");
  }
  return { request: { ...next, headers }, body: isGetNow ? NO_BODY : body };
}
