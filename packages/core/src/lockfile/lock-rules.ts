/** What each field of a lockfile must look like. */
import { parsePackagePin } from "../packages/package-pin.ts";
import { isPocketError } from "../errors.ts";
import { isToolName } from "../manifest/tool-name.ts";
import { parseSource } from "../source/parse-source.ts";
import { parseRemoteReference } from "../source/remote-reference.ts";
import type { TextRule } from "./lock-table.ts";

const CONTROL = /\p{Cc}/u;

export const TOOL_NAME: TextRule = {
  means: "a tool's name (letters, digits, _ and -, at most 64)",
  holds: isToolName,
};

export const SOURCE: TextRule = {
  means: '"git", "url", "oci", "local" or "mcp"',
  holds: (text) => ["git", "url", "oci", "local", "mcp"].includes(text),
};

export const MCP_ORIGIN: TextRule = {
  means: 'an origin such as "mcp+stdio:server#tool"',
  holds: (text) => text.startsWith("mcp+") && !CONTROL.test(text),
};

export const COMMIT: TextRule = {
  means: "a full commit sha (40 or 64 hex digits)",
  holds: (text) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(text),
};

export const DIGEST: TextRule = {
  means: 'a digest ("sha256-" and 64 hex digits)',
  holds: (text) => /^sha256-[0-9a-f]{64}$/u.test(text),
};

/** As `parseSource` writes it: one spelling of a URL, or the tool would not be found again. */
export const GIT_URL: TextRule = {
  means: "a git URL without credentials, as Toolpocket writes it",
  holds: (text) => {
    try {
      const source = parseSource({ kind: "git", url: text }, "/");
      return source.kind === "git" && source.url === text && source.ref === undefined && source.path === "";
    } catch (error) {
      if (isPocketError(error)) return false;
      throw error;
    }
  },
};

/** As `parseSource` writes it, for the same reason. */
export const REMOTE_URLS: Readonly<Record<"url" | "oci", TextRule>> = {
  url: { means: "an https:// URL as Toolpocket writes it", holds: (text) => isNormalised("url", text) },
  oci: { means: "an oci:// reference as Toolpocket writes it", holds: (text) => isNormalised("oci", text) },
};

function isNormalised(kind: "url" | "oci", text: string): boolean {
  try {
    const reference = parseRemoteReference(text);
    return reference.kind === kind && reference.url === text;
  } catch (error) {
    if (isPocketError(error)) return false;
    throw error;
  }
}

export const GIT_REF: TextRule = {
  means: "a ref (a branch, a tag, a sha or HEAD)",
  holds: (text) => text !== "" && !text.startsWith("-") && !CONTROL.test(text) && !/[ ~^:?*[\\]|\.\.|@\{/u.test(text),
};

/** A folder below the repository's root, with `/`. */
export const GIT_PATH: TextRule = {
  means: "a path inside the repository",
  holds: (text) =>
    !CONTROL.test(text) &&
    !text.includes("\\") &&
    text.split("/").every((segment) => segment !== "" && segment !== "." && segment !== ".."),
};

/** The user's own folder may be anywhere, but is written relative, so that the lock is the same on every machine. */
export const LOCAL_PATH: TextRule = {
  means: "a path relative to the lockfile's folder",
  holds: (text) => text !== "" && !CONTROL.test(text) && !/^(?:[/\\]|[A-Za-z]:)/u.test(text),
};

export const WHEEL: TextRule = {
  means: 'a wheel ("name version sha256-…")',
  holds: (text) => /^\S+ \S+ sha256-[0-9a-f]{64}$/u.test(text),
};

/** A wheel that was chosen for a package. */
export const PACKAGE: TextRule = {
  means: 'a package ("name version sha256-… file.whl")',
  holds: (text) => parsePackagePin(text) !== undefined,
};

export const REQUIREMENT: TextRule = {
  means: "a requirement of a Python package",
  holds: (text) => text !== "" && !CONTROL.test(text),
};

/** A module that a manifest names by reference: a registry's with the digest of its manifest. */
export const MODULE: TextRule = {
  means: 'a module ("reference sha256-…")',
  holds: (text) => {
    const [reference = "", digest = "", ...more] = text.split(" ");
    const isKnown = isNormalised("url", reference) || (isNormalised("oci", reference) && reference.includes("@"));
    return more.length === 0 && DIGEST.holds(digest) && isKnown;
  },
};
