/** URLs of git repositories, in every form that git, package managers and the web pages of git hosts write them. */
import { splitBrowsePath } from "./browse-path.ts";
import type { GitLocation } from "./git-location.ts";
import { invalidSource } from "./invalid-source.ts";
import { parseRefName } from "./ref-name.ts";
import { parseTreePath } from "./tree-path.ts";

const SCHEMES = new Set(["https:", "http:", "ssh:", "file:"]);
const SCHEME_HINT = "write a URL that begins with https://, ssh://, http:// or file://, or user@host:path";

/** Query keys by which some host's pages say where one is in a repository; other keys say only how a page looks. */
const PLACE_KEYS = ["at", "branch", "commit", "path", "ref", "rev", "subdirectory", "tag", "version"];

/**
 * The location that `text` names, or null when it has not the form of a URL: then it is a path of this machine.
 * Credentials are refused; query and fragment are dropped, but `git+…` URLs may end in `@ref` and `#path`.
 * @throws PocketError ERR_POCKET_SOURCE_INVALID
 */
export function parseGitUrl(text: string): GitLocation | null {
  if (/^[a-z][a-z0-9+.-]*::/iu.test(text)) {
    throw invalidSource(text, "names a git remote helper, which could run a program", { hint: SCHEME_HINT });
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//iu.test(text)) return parseUrl(text);
  const [beforeColon, ...afterColon] = text.split(":");
  if (afterColon.length === 0 || beforeColon === undefined || beforeColon.includes("/")) return null;
  if (beforeColon.includes("@")) return parseScpAddress(text, beforeColon, afterColon.join(":"));
  if (/^[a-z][a-z0-9+.-]+$/iu.test(beforeColon)) {
    throw invalidSource(text, "has no transport that is allowed", {
      hint: `${SCHEME_HINT}; for a path of this machine, write "./" before it`,
    });
  }
  return null;
}

function parseUrl(text: string): GitLocation {
  const isExtended = /^git\+/iu.test(text);
  const plain = isExtended ? text.slice("git+".length) : text;
  checkRawUrl(plain, text);
  const url = toUrl(plain, text);
  if (!SCHEMES.has(url.protocol))
    throw invalidSource(text, `uses ${url.protocol}//, which is not allowed`, { hint: SCHEME_HINT });
  const authority = parseAuthority(url, text);
  const place = url.search === "" ? undefined : PLACE_KEYS.find((key) => url.searchParams.has(key));
  if (place !== undefined) {
    throw invalidSource(text, `says where the tool is in its query ("${place}")`, {
      hint: "give the repository's URL, and ref and path apart from it",
    });
  }
  const segments = url.pathname.split("/").filter((segment) => segment !== "");
  const browse = splitBrowsePath(segments, url.hostname);
  const extra = isExtended && browse.rest === undefined ? parseSuffixes(browse.repository, url.hash, text) : undefined;
  const repository = extra?.repository ?? browse.repository;
  if (repository.length === 0)
    throw invalidSource(text, "names no repository", { hint: "write the repository's path after the host" });
  const location = { url: `${url.protocol}//${authority}/${repository.join("/")}` };
  if (browse.rest !== undefined) return { ...location, ...divideRest(browse.rest, text) };
  return {
    ...location,
    ...(extra?.ref !== undefined && { ref: extra.ref }),
    ...(extra?.path !== undefined && { path: extra.path }),
  };
}

/** What the URL parser would mend in silence is refused: `..`, also in percent-encoding, backslashes and spaces. */
function checkRawUrl(plain: string, text: string): void {
  if (/[\s\\]/u.test(plain)) {
    throw invalidSource(text, "has a space or a backslash", {
      hint: "write the URL with %20 for a space and / between segments",
    });
  }
  const path = withoutQuery(plain).replace(/^[^:]+:\/\/[^/]*/u, "");
  for (const segment of path.split("/").map((raw) => decode(raw, text))) {
    if (segment === "..") throw invalidSource(text, 'has ".." in its path', { hint: "write the path without it" });
    if (/[\p{Cc}\\]/u.test(segment)) {
      throw invalidSource(text, "has a control character or a backslash in its path", {
        hint: "write the path in plain text",
      });
    }
  }
}

function toUrl(plain: string, text: string): URL {
  try {
    return new URL(plain);
  } catch (error) {
    throw invalidSource(text, "is not a URL", { hint: SCHEME_HINT, cause: error });
  }
}

/** `user@host:port` as git gets it; a user only for ssh, where it is no secret. */
function parseAuthority(url: URL, text: string): string {
  if (url.protocol === "file:") {
    if (url.host !== "")
      throw invalidSource(text, `names the host ${url.host}`, { hint: "write file:/// and the path of this machine" });
    return "";
  }
  const isSsh = url.protocol === "ssh:";
  if (url.password !== "" || (!isSsh && url.username !== "")) {
    throw invalidSource(text, "carries credentials", { hint: "take them out, and use ssh or a git credential helper" });
  }
  if (url.username !== "" && !isUserName(url.username))
    throw invalidSource(text, "has no valid user", { hint: "write ssh://user@host/path" });
  if (!isHostName(url.hostname))
    throw invalidSource(text, "has no valid host", { hint: "write the host's name after ://" });
  return `${url.username === "" ? "" : `${url.username}@`}${url.host.toLowerCase()}`;
}

/** `@ref` behind the repository and `#path` (or pip's `#subdirectory=path`) behind it all. */
function parseSuffixes(segments: readonly string[], hash: string, text: string) {
  const joined = segments.join("/");
  const at = /^(?<repository>.*[^/])@(?<ref>[^@]+)$/u.exec(joined)?.groups;
  const fragment = hash.slice(1);
  const path = fragment.includes("=") ? new URLSearchParams(fragment).get("subdirectory") : decode(fragment, text);
  const ref = at === undefined ? undefined : parseRefName(decode(at["ref"] ?? "", text), text);
  return {
    repository: (at?.["repository"] ?? joined).split("/").filter((segment) => segment !== ""),
    ...(ref !== undefined && { ref }),
    ...(path !== null && path !== "" && { path: parseTreePath(path, text) }),
  };
}

function divideRest(rest: readonly string[], text: string): Pick<GitLocation, "ref" | "refAndPath"> {
  const refAndPath = parseTreePath(rest.map((segment) => decode(segment, text)).join("/"), text);
  if (refAndPath.includes("/")) return { refAndPath };
  const ref = parseRefName(refAndPath, text);
  return ref === undefined ? {} : { ref };
}

/** `user@host:path`, as scp and git write it; the path counts from the user's home folder there. */
function parseScpAddress(text: string, address: string, path: string): GitLocation {
  const [user = "", host = "", ...more] = address.split("@");
  if (more.length > 0 || !isUserName(user) || !isHostName(host)) {
    throw invalidSource(text, "is not of the form user@host:path", {
      hint: "write it so, or write ssh://user@host/path",
    });
  }
  if (/[\s\\\p{Cc}]/u.test(path) || path.startsWith("-") || path.split("/").includes("..")) {
    throw invalidSource(text, "has a path that is not allowed", {
      hint: 'write the path without spaces, "..", and a leading "-"',
    });
  }
  const repository = withoutQuery(path).replace(/(?<!\/)\/+$/u, "");
  if (repository === "")
    throw invalidSource(text, "names no repository", { hint: "write the repository's path after the colon" });
  return { url: `${user}@${host.toLowerCase()}:${repository}` };
}

function decode(segment: string, text: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    throw invalidSource(text, "has a broken percent-encoding", { hint: "write % as %25", cause: error });
  }
}

function isUserName(user: string): boolean {
  return /^\w[\w.+-]*$/u.test(user);
}

function isHostName(host: string): boolean {
  return /^(?:[a-z0-9_][a-z0-9._-]*|\[[0-9a-f:.]+\])$/iu.test(host);
}

function withoutQuery(url: string): string {
  return url.split(/[?#]/u, 1)[0] ?? "";
}
