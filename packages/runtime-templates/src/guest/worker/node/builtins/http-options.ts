/** What `http.request` is called with, as one target: options, a URL, or both. */
import { createNodeError } from "../errors/node-error.ts";
import type { Exports } from "../node-realm.ts";

/** Options as Node reads them; those that stand beside a URL go before it. */
export function readRequestOptions(url: Exports, options: Exports): Exports {
  if (typeof url !== "string" && !(url instanceof URL)) return { ...url, ...options };
  const { protocol, hostname, port, pathname, search, username, password } = new URL(url);
  const auth = username ? { auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` } : {};
  return { protocol, hostname, port, path: pathname + search, ...auth, ...options };
}

export interface RequestTarget {
  readonly protocol: "http:" | "https:";
  readonly host: string;
  readonly path: string;
  readonly url: URL;
}

/** @throws ERR_INVALID_PROTOCOL, ERR_UNESCAPED_CHARACTERS, ERR_INVALID_URL as Node does */
export function readTarget(given: Exports, ownProtocol: "http:" | "https:"): RequestTarget {
  const protocol = given.protocol ?? given.agent?.protocol ?? ownProtocol;
  if (protocol !== "http:" && protocol !== "https:") {
    throw createNodeError(
      TypeError,
      "ERR_INVALID_PROTOCOL",
      `Protocol "${protocol}" not supported. Expected "${ownProtocol}"`,
    );
  }
  const host = String(given.hostname ?? given.host?.replace(/:\d+$/u, "") ?? "localhost");
  const path = String(given.path || "/");
  if (/[^\u0021-\u00ff]/u.test(path)) {
    throw createNodeError(TypeError, "ERR_UNESCAPED_CHARACTERS", "Request path contains unescaped characters");
  }
  const port = given.port ? `:${given.port}` : given.defaultPort ? `:${given.defaultPort}` : "";
  const origin = `${protocol}//${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}${port}`;
  // A path that is a whole URL is what a proxy would be sent: here it is the target itself.
  const text = /^https?:\/\//u.test(path) ? path : `${origin}${path.startsWith("/") ? "" : "/"}${path}`;
  if (!URL.canParse(text)) throw createNodeError(TypeError, "ERR_INVALID_URL", `Invalid URL: ${text}`);
  const url = new URL(text);
  url.hash = "";
  return { protocol, host, path, url };
}
