/** What a `data:` URL holds, as `fetch` answers it: no host is asked. */

export function readDataUrl({ pathname, search }: URL): Response {
  const [, type = "", base64, data = ""] = /^([^,]*?)(;base64)?,(.*)$/su.exec(pathname + search) ?? [];
  const text = decodeURIComponent(data);
  const body = base64 ? Uint8Array.from(atob(text), (character) => character.charCodeAt(0)) : text;
  return new Response(body, { headers: { "content-type": type || "text/plain;charset=US-ASCII" } });
}
