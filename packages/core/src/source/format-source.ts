/** Sources as one line: for lists, errors and progress. */
import { isAbsolute, relative, sep } from "node:path";
import type { GitResolution, RemoteResolution, RemoteSource, Source } from "./source.ts";

export interface FormatSourceOptions {
  /** Local paths are written relative to it. @defaultValue process.cwd() */
  cwd?: string;
}

/**
 * `git+https://host/org/repo@<commit or ref>#path`, `local:./path`, `url+https://host/tool.wasm`, `oci://host/repository:tag`
 * or `function:name`. `parseSource` reads all but the last again; an address of the form `user@host:path` stands as it is.
 */
export function formatSource(
  source: Source | GitResolution | RemoteResolution,
  options: FormatSourceOptions = {},
): string {
  switch (source.kind) {
    case "function":
      return `function:${source.name}`;
    case "local":
      return `local:${toRelative(source.path, options.cwd ?? process.cwd())}`;
    case "git":
      return formatGit(source);
    case "url":
    case "oci":
      return formatRemote(source);
  }
}

type Git = Extract<Source | GitResolution, { kind: "git" }>;

function formatGit(source: Git): string {
  const url = source.url.includes("://") ? `git+${source.url}` : source.url;
  if ("refAndPath" in source && source.refAndPath !== undefined) return `${url}/tree/${encodePath(source.refAndPath)}`;
  const ref = "commit" in source ? source.commit : source.ref;
  return `${url}${ref === undefined ? "" : `@${encodePath(ref)}`}${source.path === "" ? "" : `#${encodePath(source.path)}`}`;
}

/** With the digest that it is pinned to, where there is one. */
function formatRemote(source: RemoteSource | RemoteResolution): string {
  const digest = "digest" in source ? source.digest : undefined;
  if (source.kind === "url") return `url+${source.url}${digest === undefined ? "" : `#${digest}`}`;
  return digest === undefined || source.url.includes("@") ? source.url : `${source.url}@${digest.replace("-", ":")}`;
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

function toRelative(path: string, cwd: string): string {
  const inside = relative(cwd, path).split(sep).join("/");
  if (inside === "") return ".";
  return isAbsolute(inside) || inside.startsWith("../") || inside === ".." ? inside : `./${inside}`;
}
