/** References to what is fetched over HTTP: `https://…/tool.wasm`, and `oci://host/repository:tag` of a registry. */
import { invalidSource } from "./invalid-source.ts";

export interface UrlReference {
  readonly kind: "url";
  /** Normalised: without credentials and fragment. */
  readonly url: string;
}

export interface OciReference {
  readonly kind: "oci";
  /** Normalised: `oci://host[:port]/repository`, and `:tag`, `@sha256:…` or both. */
  readonly url: string;
  /** Host, and port where one is named. */
  readonly host: string;
  readonly repository: string;
  /** Absent only where a digest stands alone. */
  readonly tag?: string;
  /** `sha256:` and hex, where the reference names the content itself. */
  readonly digest?: string;
}

export type RemoteReference = UrlReference | OciReference;

/** What a reference without tag and digest means, as every registry client has it. */
const DEFAULT_TAG = "latest";

/** The grammar of the distribution specification, version 1.1. */
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/u;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/u;
const DIGEST = /^sha256:[0-9a-f]{64}$/u;
const HOST = /^(?:[a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/u;

/** @throws PocketError ERR_POCKET_SOURCE_INVALID */
export function parseRemoteReference(text: string): RemoteReference {
  return /^oci:\/\//iu.test(text) ? parseOciReference(text) : parseUrlReference(text);
}

/**
 * A file on a web server. The query belongs to it, as a signed address has one; a fragment does not.
 * @throws PocketError ERR_POCKET_SOURCE_INVALID
 */
export function parseUrlReference(text: string): UrlReference {
  if (/[\s\\\p{Cc}]/u.test(text)) {
    throw invalidSource(text, "has a space, a backslash or a control character", { hint: "write it percent-encoded" });
  }
  const url = URL.parse(text);
  if (url === null || !["https:", "http:"].includes(url.protocol)) {
    throw invalidSource(text, "is no https:// URL", { hint: "write https://host/path/tool.wasm" });
  }
  if (url.username !== "" || url.password !== "") throw invalidSource(text, "carries credentials", CREDENTIALS_HINT);
  url.hash = "";
  return { kind: "url", url: url.href };
}

/** @throws PocketError ERR_POCKET_SOURCE_INVALID */
export function parseOciReference(text: string): OciReference {
  const fault = (problem: string) =>
    invalidSource(text, problem, { hint: "write oci://host/repository:tag, or oci://host/repository@sha256:…" });
  const rest = /^oci:\/\/(?<rest>.+)$/iu.exec(text)?.groups?.["rest"];
  if (rest === undefined) throw fault("is no reference to a registry");
  const slash = rest.indexOf("/");
  if (slash === -1) throw fault("names no repository");
  const host = rest.slice(0, slash).toLowerCase();
  if (host.includes("@")) throw invalidSource(text, "carries credentials", CREDENTIALS_HINT);
  if (!HOST.test(host)) throw fault("has no valid host");
  const [named = "", digest, ...more] = rest.slice(slash + 1).split("@");
  if (more.length > 0 || (digest !== undefined && !DIGEST.test(digest))) {
    throw fault(`has no valid digest (sha256: and 64 hex digits)`);
  }
  const colon = named.indexOf(":");
  const repository = colon === -1 ? named : named.slice(0, colon);
  const tag = colon !== -1 ? named.slice(colon + 1) : digest === undefined ? DEFAULT_TAG : undefined;
  if (!REPOSITORY.test(repository) || repository.length > 255) {
    throw fault(`has no valid repository: ${JSON.stringify(repository)} (lower case, digits, and . _ - between them)`);
  }
  if (tag !== undefined && !TAG.test(tag)) throw fault(`has no valid tag: ${JSON.stringify(tag)}`);
  const url = `oci://${host}/${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
  return {
    kind: "oci",
    url,
    host,
    repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

const CREDENTIALS_HINT = {
  hint: 'take them out, and name them in settings.toml: [registries."host"] username = "…", password = { secret = "NAME" }',
};
