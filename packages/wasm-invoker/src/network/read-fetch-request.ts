/** Checks what a guest asks of the service `fetch`: it is untrusted, in every part. */
import { HostCallError, hostOfUrl, isJsonObject, type JsonValue } from "@toolpocket/core";
import { type Header, headerEntries, headerValues } from "./headers.ts";

export interface OutgoingRequest {
  readonly method: string;
  /** http or https; without credentials, fragment and trailing dot of the host. */
  readonly url: URL;
  /** Only such as may be sent; neither Host nor Content-Length. */
  readonly headers: readonly Header[];
  /** What the guest says its body has, in bytes. */
  readonly contentLength?: number;
  readonly redirect: "follow" | "manual" | "error";
  readonly decompress: boolean;
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;
/** Bytes of a value: no control characters, so no second header and no second request. */
const FIELD_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/u;
/** The method that fetch() puts in capitals; the others are sent as they are. */
const CAPITAL_METHODS = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);
const FORBIDDEN_METHODS = new Set(["CONNECT", "TRACE", "TRACK"]);
/** Of one connection, which is the broker's, not the guest's. */
const CONNECTION_HEADERS = [
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** @throws HostCallError `protocol` or `too_large`, for the guest to see. */
export function readFetchRequest(request: JsonValue, maxHeaderBytes: number): OutgoingRequest {
  if (!isJsonObject(request)) throw new HostCallError("protocol", "the request is no object");
  const { redirect, decompress } = request;
  if (redirect !== "follow" && redirect !== "manual" && redirect !== "error") {
    throw new HostCallError("protocol", "the request's redirect mode is not follow, manual or error");
  }
  if (typeof decompress !== "boolean") throw new HostCallError("protocol", "the request's decompress is no boolean");
  const method = readMethod(request["method"]);
  const url = readRequestUrl(request["url"]);
  const given = readHeaders(request["headers"]);
  const bytes = given.reduce((total, [name, value]) => total + name.length + value.length + 4, url.href.length);
  if (bytes > maxHeaderBytes) {
    throw new HostCallError("too_large", `the request's URL and headers are larger than ${maxHeaderBytes} bytes`);
  }
  checkHost(given, url);
  const contentLength = readContentLength(given);
  return {
    method,
    url,
    headers: withoutConnectionHeaders(given),
    ...(contentLength !== undefined && { contentLength }),
    redirect,
    decompress,
  };
}

/** @throws HostCallError `protocol`. */
export function readRequestUrl(text: unknown, base?: URL): URL {
  if (typeof text !== "string" || !URL.canParse(text, base?.href))
    throw new HostCallError("protocol", "the URL is not valid");
  const url = new URL(text, base);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new HostCallError(
      "protocol",
      `the URL's scheme is ${url.protocol.slice(0, -1)}, only http and https are fetched`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new HostCallError("protocol", "the URL holds credentials, which belong in the Authorization header");
  }
  url.hash = "";
  const host = hostOfUrl(url);
  if (!url.hostname.startsWith("[") && url.hostname !== host) url.hostname = host;
  return url;
}

function readMethod(method: unknown): string {
  if (typeof method !== "string" || !TOKEN.test(method)) throw new HostCallError("protocol", "the method is not valid");
  const capital = method.toUpperCase();
  if (FORBIDDEN_METHODS.has(capital)) throw new HostCallError("protocol", `the method ${capital} is not allowed`);
  return CAPITAL_METHODS.has(capital) ? capital : method;
}

function readHeaders(headers: JsonValue | undefined): readonly Header[] {
  if (!Array.isArray(headers)) throw new HostCallError("protocol", "the request's headers are no list");
  return headers.map((header) => {
    const [name, value] = Array.isArray(header) ? header : [];
    if (typeof name !== "string" || !TOKEN.test(name))
      throw new HostCallError("protocol", "a header's name is not valid");
    const trimmed = typeof value === "string" ? trimBlanks(value) : undefined;
    if (trimmed === undefined || !FIELD_VALUE.test(trimmed)) {
      throw new HostCallError("protocol", `the value of the header ${name} is not valid`);
    }
    return [name, trimmed];
  });
}

/** By hand: an expression for the end would be tried from each blank of a value that is all blanks. */
function trimBlanks(value: string): string {
  const isBlank = (index: number): boolean => value[index] === " " || value[index] === "\t";
  let [start, end] = [0, value.length];
  while (start < end && isBlank(start)) start += 1;
  while (start < end && isBlank(end - 1)) end -= 1;
  return value.slice(start, end);
}

/** A Host of the guest's may say what the URL says; another one would reach another site behind the same server. */
function checkHost(headers: readonly Header[], url: URL): void {
  const isOther = headerValues(headers, "host").some((host) => {
    return !URL.canParse(`${url.protocol}//${host}/`) || readRequestUrl(`${url.protocol}//${host}/`).host !== url.host;
  });
  if (isOther) throw new HostCallError("protocol", "the Host header names another host than the URL");
}

function readContentLength(headers: readonly Header[]): number | undefined {
  const [length, ...others] = headerValues(headers, "content-length");
  if (length === undefined) return undefined;
  if (others.length > 0 || !/^[0-9]{1,15}$/u.test(length)) {
    throw new HostCallError("protocol", "the Content-Length header is not valid");
  }
  return Number(length);
}

function withoutConnectionHeaders(headers: readonly Header[]): readonly Header[] {
  const dropped = new Set([...CONNECTION_HEADERS, ...headerEntries(headers, "connection")]);
  return headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !dropped.has(lower) && !lower.startsWith("proxy-");
  });
}
