/** Fetches one module from a web server. */
import { type HttpClient, readBody } from "./http-client.ts";
import { toBasic } from "./host-access.ts";
import { toStatusFailure } from "./module-failure.ts";
import { checkWasm } from "./wasm-magic.ts";

export interface UrlModule {
  /** File name: the last segment of the URL, ending in `.wasm`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mediaType?: string;
}

/**
 * Credentials are given where the server asks for them.
 * @throws PocketError ERR_POCKET_PATH_NOT_FOUND, ERR_POCKET_SOURCE_UNREACHABLE, ERR_POCKET_MODULE_REFUSED
 */
export async function fetchUrl(http: HttpClient, url: URL, maxBytes: number): Promise<UrlModule> {
  const { options } = http;
  let answer = await http.send({ url });
  if (answer.status === 401) {
    const credentials = await http.readCredentials(url.host);
    if (credentials !== undefined) {
      answer.discard();
      answer = await http.send({ url, headers: { authorization: toBasic(credentials) } });
    }
  }
  if (answer.status !== 200) {
    answer.discard();
    throw toStatusFailure({ reference: options.reference, host: answer.url.host }, answer.status);
  }
  const bytes = await readBody(answer, maxBytes, options);
  checkWasm(bytes, options.reference);
  const mediaType = answer.header("content-type")?.split(";")[0]?.trim();
  return { name: moduleName(url.pathname), bytes, ...(mediaType !== undefined && { mediaType }) };
}

/** A plain file name for a module: the last segment of a URL's path or a repository, ending in `.wasm`. */
export function moduleName(path: string): string {
  const last = path.split("/").findLast((segment) => segment !== "") ?? "module";
  const plain = last.replaceAll(/[^A-Za-z0-9._-]/gu, "_").replace(/^\.+/u, "");
  return plain.endsWith(".wasm") ? plain : `${plain}.wasm`;
}
