/** Reads an entry such as "GET,HEAD https://api.example.com:8443/v1 private" into a rule. */
import { isIP } from "node:net";
import { PocketError } from "../errors.ts";
import { nearestHint } from "../nearest.ts";
import { hasInvisible, showInvisible } from "../show-invisible.ts";
import { canonicalHost, isPrivateByName } from "./host-name.ts";
import type { NetworkRule } from "./network-rule.ts";
import { canonicalPath } from "./url-path.ts";

/** What is wrong with an entry: `message` goes on after its text, `hint` is an imperative. */
export interface NetworkRuleFault {
  readonly message: string;
  readonly hint: string;
}

const EXAMPLE = 'write for example "api.example.com", "https://*.example.com:8443" or "GET https://api.example.com/v1"';
/** What the broker never sends, as fetch() does not. */
const FORBIDDEN_METHODS = new Set(["CONNECT", "TRACE"]);
/** scheme, host, port, path; what follows the host is parted by hand, so that nothing is dropped or decoded silently. */
// What is left always matches, so that nothing is tried twice.
const PLACE =
  // oxlint-disable-next-line regexp/no-super-linear-backtracking
  /^(?:(?<scheme>[a-z][a-z0-9+.-]*):\/\/)?(?<host>\[[^\]/]*\]|[^:/?#\\]*)(?::(?<port>[^/?#\\]*))?(?<rest>[^]*)$/iu;

/**
 * The rule that `text` stands for: `[METHOD[,METHOD…] ][scheme://]host[:port][/path][ private]`. Without a scheme it means
 * http and https, without a port the scheme's own; `*.example.com` is every name below, `*` every host.
 * @throws PocketError ERR_POCKET_SETTINGS_INVALID.
 */
export function parseNetworkRule(text: string): NetworkRule {
  const { rule, fault } = readNetworkRule(text);
  if (rule !== undefined) return rule;
  throw new PocketError("ERR_POCKET_SETTINGS_INVALID", `network entry "${showInvisible(text)}" ${fault.message}`, {
    hint: fault.hint,
    details: { entry: text },
  });
}

/** As `parseNetworkRule`, for those who report the fault themselves. */
export function readNetworkRule(
  text: string,
):
  | { readonly rule: NetworkRule; readonly fault?: never }
  | { readonly fault: NetworkRuleFault; readonly rule?: never } {
  try {
    return { rule: toRule(text) };
  } catch (error) {
    if (error instanceof RuleFaultError) return { fault: { message: error.message, hint: error.hint } };
    throw error;
  }
}

class RuleFaultError extends Error {
  readonly hint: string;
  constructor(message: string, hint = EXAMPLE) {
    super(message);
    this.hint = hint;
  }
}

function toRule(text: string): NetworkRule {
  if (hasInvisible(text) || /[\n\t]/u.test(text)) throw new RuleFaultError("holds an invisible character");
  const words = text.trim().split(/\s+/u);
  const isSaidPrivate = words.length > 1 && words.at(-1) === "private";
  if (isSaidPrivate) words.pop();
  const place = words.pop() ?? "";
  if (words.length > 1) throw new RuleFaultError("has too many words", "separate methods by commas, without spaces");
  const methods = words[0] === undefined ? undefined : readMethods(words[0]);

  const parts = PLACE.exec(place)?.groups ?? {};
  const scheme = readScheme(parts["scheme"]);
  const host = readHost(parts["host"] ?? "");
  const port = parts["port"] === undefined ? undefined : readPort(parts["port"]);
  const path = readPath(parts["rest"] ?? "");
  const isDefaultPort = (scheme === "http" && port === 80) || (scheme === "https" && port === 443);
  return {
    text,
    ...(methods && { methods }),
    ...(scheme && { scheme }),
    host,
    ...(port !== undefined && !isDefaultPort && { port }),
    ...(path !== undefined && { path }),
    isPrivate: isSaidPrivate || isPrivateByName(host),
  };
}

function readMethods(word: string): readonly string[] {
  // Asked of node's module at need: who imports it by name loads node's whole fetch() with it.
  const allowed = process.getBuiltinModule("node:http").METHODS.filter((method) => !FORBIDDEN_METHODS.has(method));
  const methods = word.split(",").map((method) => method.toUpperCase());
  const wrong = methods.find((method) => !allowed.includes(method));
  if (wrong === undefined) return [...new Set(methods)].toSorted();
  if (FORBIDDEN_METHODS.has(wrong)) throw new RuleFaultError(`names the method ${wrong}, which is never sent`);
  throw new RuleFaultError(`names "${wrong}", which is no HTTP method${nearestHint(wrong, allowed)}`);
}

function readScheme(scheme: string | undefined): "http" | "https" | undefined {
  const lower = scheme?.toLowerCase();
  if (lower === undefined || lower === "http" || lower === "https") return lower;
  throw new RuleFaultError(
    `has the scheme "${lower}"${nearestHint(lower, ["http", "https"])}`,
    "write http:// or https://",
  );
}

function readHost(host: string): string {
  if (host.includes("@")) throw new RuleFaultError("holds credentials", "leave out what is before the @, use a secret");
  if (host === "*") return host;
  const isWildcard = host.startsWith("*.");
  const canonical = canonicalHost(isWildcard ? host.slice(2) : host);
  if (canonical === undefined) {
    if (host.includes("*"))
      throw new RuleFaultError("has a * in the middle of its host", 'write "*.example.com" or "*"');
    throw new RuleFaultError(host === "" ? "names no host" : "names no valid host");
  }
  if (!isWildcard) return canonical;
  if (isIP(canonical) !== 0) throw new RuleFaultError("has a * before an address", "name each address");
  return `*.${canonical}`;
}

function readPort(port: string): number {
  const number = Number(port);
  if (/^[0-9]{1,8}$/u.test(port) && number >= 1 && number <= 65_535) return number;
  throw new RuleFaultError(`has the port "${port}"`, "write a port from 1 to 65535, or leave out the colon");
}

function readPath(rest: string): string | undefined {
  if (rest === "" || rest === "/") return undefined;
  if (!rest.startsWith("/") || /[?#]/u.test(rest)) {
    throw new RuleFaultError(`has "${rest}" behind its host`, "write a path only, without query and fragment");
  }
  const path = canonicalPath(rest) === undefined ? undefined : canonicalPath(new URL(`http://host${rest}`).pathname);
  if (path !== undefined) return path;
  throw new RuleFaultError(
    "has a path that can be read in more than one way",
    "leave out .., //, backslashes and encoded slashes",
  );
}
