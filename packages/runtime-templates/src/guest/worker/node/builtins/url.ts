/** `node:url`: the web's URL, and Node's legacy parser as unenv carries it over from Node. */
import { createNodeError } from "../errors/node-error.ts";
import { libraries } from "../libraries.ts";
import { toFileUrl } from "../modules/es-modules.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";
import { createUrlObject } from "./url-object.ts";

export function createUrl(realm: NodeRealm): Exports {
  const { urlToHttpOptions } = libraries.url();
  const { Url, parse, format, resolve, resolveObject } = createUrlObject(libraries.url());
  const fileURLToPath = (value: string | URL): string => {
    const url = typeof value === "string" ? new URL(value) : value;
    if (url.protocol !== "file:")
      throw createNodeError(TypeError, "ERR_INVALID_URL_SCHEME", "The URL must be of scheme file");
    if (url.hostname !== "") {
      throw createNodeError(
        TypeError,
        "ERR_INVALID_FILE_URL_HOST",
        'File URL host must be "localhost" or empty on linux',
      );
    }
    if (/%2f/iu.test(url.pathname)) {
      throw createNodeError(
        TypeError,
        "ERR_INVALID_FILE_URL_PATH",
        "File URL path must not include encoded / characters",
      );
    }
    return decodeURIComponent(url.pathname);
  };
  return {
    Url,
    parse,
    resolve,
    resolveObject,
    urlToHttpOptions,
    URL,
    URLSearchParams,
    ...(typeof URLPattern === "function" && { URLPattern }),
    fileURLToPath,
    fileURLToPathBuffer: (value: string | URL) => realm.builtin("buffer").Buffer.from(fileURLToPath(value)),
    pathToFileURL: (path: string) => {
      const absolute: string = realm.builtin("path").resolve(path);
      const url = new URL(toFileUrl(absolute));
      if (path.endsWith("/") && !url.pathname.endsWith("/")) url.pathname += "/";
      return url;
    },
    domainToASCII: (domain: string) => hostnameOf(domain),
    domainToUnicode: (domain: string) => realm.builtin("punycode").toUnicode(hostnameOf(domain)),
    format: (value: Exports, options: Exports = {}) =>
      value instanceof URL ? formatUrl(value, options) : format(value),
  };
}

interface FormatOptions {
  readonly auth?: boolean;
  readonly fragment?: boolean;
  readonly search?: boolean;
}

function formatUrl(value: URL, { auth = true, fragment = true, search = true }: FormatOptions): string {
  const url = new URL(value);
  if (!auth) url.username = url.password = "";
  if (!fragment) url.hash = "";
  if (!search) url.search = "";
  return url.href;
}

function hostnameOf(domain: string): string {
  return URL.parse(`ws://${domain}`)?.hostname ?? "";
}

declare const URLPattern: unknown;
