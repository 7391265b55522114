/** `fetch` of a tool that was not granted network access: it fails at once, as an unreachable host does in Node. */
import { networkError } from "../builtins/network.ts";

export async function refusedFetch(input: RequestInfo | URL, options?: RequestInit): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : String(input));
  options?.signal?.throwIfAborted();
  // Data stands in the URL itself.
  if (url.protocol === "data:") return readDataUrl(url);
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  throw new TypeError("fetch failed", { cause: networkError("connect", `${url.hostname}:${port}`) });
}

function readDataUrl({ pathname }: URL): Response {
  const [, type = "", base64, data = ""] = /^([^,]*?)(;base64)?,(.*)$/su.exec(pathname) ?? [];
  const text = decodeURIComponent(data);
  const body = base64 ? Uint8Array.from(atob(text), (character) => character.charCodeAt(0)) : text;
  return new Response(body, { headers: { "content-type": type || "text/plain;charset=US-ASCII" } });
}
