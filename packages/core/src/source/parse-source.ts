/** Requests to sources: what a string, or one of `fromGit(…)` and its sisters, names. Pure: it looks at no disk and no network. */
import { resolve } from "node:path";
import type { ToolRequestTarget } from "../tool-request.ts";
import type { GitLocation } from "./git-location.ts";
import { invalidSource } from "./invalid-source.ts";
import { parseGitUrl } from "./parse-git-url.ts";
import { parseRefName } from "./ref-name.ts";
import { parseOciReference, parseUrlReference, type RemoteReference } from "./remote-reference.ts";
import type { GitSource, LocalSource, RemoteSource, Source } from "./source.ts";
import { parseTreePath, withoutManifest } from "./tree-path.ts";

/** How `formatSource` begins the line of a local tool. */
const LOCAL_PREFIX = "local:";

/**
 * The source that `request` names. A string with the form of a git URL is a git source, `oci://…` and a URL of a
 * `.wasm` file are remote ones; any other is a path, which counts from `cwd`. A `file://` URL always reads as a repository here: `locateSource` then looks at the disk.
 * @throws PocketError ERR_POCKET_SOURCE_INVALID when the request names nothing that is allowed, or contradicts itself.
 */
export function parseSource(request: string | ToolRequestTarget, cwd: string): Source {
  if (typeof request === "string") {
    checkText(request);
    if (request.startsWith(LOCAL_PREFIX)) return toLocalSource(request.slice(LOCAL_PREFIX.length), cwd);
    const remote = parseRemoteText(request);
    if (remote !== null) return remote;
    const location = parseGitUrl(request);
    return location === null ? toLocalSource(request, cwd) : toGitSource(location, request);
  }
  switch (request.kind) {
    case "git":
      return parseGitTarget(request);
    case "local":
      return toLocalSource(request.path, cwd);
    case "url":
      return toRemoteSource(parseUrlReference(request.url));
    case "oci":
      return toRemoteSource(parseOciReference(request.url));
    case "function":
    case "external":
      return { kind: "function", name: request.definition.name };
  }
}

/**
 * The remote source that a string names: `oci://…`, `url+https://…`, and a URL that ends in `.wasm`, unless it is a page of
 * a git host, which stands for the folder around it. Null for any other.
 */
function parseRemoteText(text: string): RemoteSource | null {
  if (/^oci:\/\//iu.test(text)) return toRemoteSource(parseOciReference(text));
  if (/^url\+/iu.test(text)) return toRemoteSource(parseUrlReference(text.slice("url+".length)));
  if (!/^https?:\/\/[^?#]+\.wasm(?:[?#]|$)/iu.test(text) || /\/(?:tree|blob|src)\//u.test(text)) return null;
  return toRemoteSource(parseUrlReference(text));
}

function toRemoteSource({ kind, url }: RemoteReference): RemoteSource {
  return { kind, url };
}

function checkText(text: string): void {
  if (text.trim() === "") throw invalidSource(text, "is empty", { hint: "write a git URL or the path of a folder" });
  if (/\p{Cc}/u.test(text)) throw invalidSource(text, "has a control character", { hint: "write it in plain text" });
  if (text.trim() !== text) throw invalidSource(text, "begins or ends with a space", { hint: "take the space away" });
  if (text.startsWith("-"))
    throw invalidSource(text, 'begins with "-"', { hint: 'write "./" before a path that begins so' });
}

function toLocalSource(text: string, cwd: string): LocalSource {
  checkText(text);
  return { kind: "local", path: resolve(cwd, text) };
}

function toGitSource(location: GitLocation, request: string): GitSource {
  const { url, ref, path, refAndPath } = location;
  if (refAndPath !== undefined) return { kind: "git", url, path: "", refAndPath };
  const name = ref === undefined ? undefined : parseRefName(ref, request);
  return { kind: "git", url, ...(name !== undefined && { ref: name }), path: withoutManifest(path ?? "") };
}

type GitTarget = Extract<ToolRequestTarget, { kind: "git" }>;

function parseGitTarget(target: GitTarget): GitSource {
  checkText(target.url);
  const location = parseGitUrl(target.url);
  if (location === null) {
    throw invalidSource(target.url, "is no URL of a git repository", {
      hint: "write file:/// and the absolute path, or use fromLocal(path)",
    });
  }
  const ref = target.ref === undefined ? undefined : parseRefName(target.ref, target.url);
  const path = target.path === undefined ? undefined : withoutManifest(parseTreePath(target.path, target.url));
  const divided = location.refAndPath === undefined ? location : divide(location.refAndPath, target, ref, path);
  checkAgreement(target, "ref", divided.ref, target.ref === undefined ? undefined : (ref ?? "HEAD"));
  checkAgreement(target, "path", divided.path === undefined ? undefined : withoutManifest(divided.path), path);
  return toGitSource(
    { ...divided, url: location.url, ...(ref !== undefined && { ref }), ...(path !== undefined && { path }) },
    target.url,
  );
}

/** Where the user says one half of "feature/x/tools/weather", the other half is known. */
function divide(
  refAndPath: string,
  target: GitTarget,
  ref: string | undefined,
  path: string | undefined,
): Omit<GitLocation, "url"> {
  const text = withoutManifest(refAndPath);
  if (target.ref !== undefined) {
    const start = ref ?? "HEAD";
    if (text === start) return { ref: start, path: "" };
    if (text.startsWith(`${start}/`)) return { ref: start, path: text.slice(start.length + 1) };
    throw contradiction(target, "ref", start, text);
  }
  if (path === undefined) return { refAndPath };
  if (path === "") return { ref: text, path };
  if (text.endsWith(`/${path}`)) return { ref: text.slice(0, -path.length - 1), path };
  throw contradiction(target, "path", path, text);
}

function checkAgreement(
  target: GitTarget,
  what: "ref" | "path",
  carried: string | undefined,
  given: string | undefined,
): void {
  if (carried !== undefined && given !== undefined && carried !== given)
    throw contradiction(target, what, given, carried);
}

function contradiction(target: GitTarget, what: "ref" | "path", given: string, carried: string) {
  return invalidSource(target.url, `already says "${carried}", and the option ${what} says "${given}"`, {
    hint: "give the repository's URL alone, with ref and path as options",
  });
}
