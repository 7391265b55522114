/** Fetches what a runtime needs, once for the page; each worker gets its own copy. */
import type { GuestRuntimeName } from "../../protocol/guest-program.ts";
import type { GuestAssets } from "../../protocol/worker-messages.ts";

/** @param urls paths by asset name; python: `module`, `standardLibrary` and, once it is made, `snapshot` */
export async function fetchAssets(runtime: GuestRuntimeName, urls: Record<string, string>): Promise<GuestAssets> {
  if (runtime === "node") return { runtime };
  const [module, standardLibrary, snapshot] = await Promise.all([
    WebAssembly.compileStreaming(fetchAsset(urls["module"])),
    fetchAsset(urls["standardLibrary"]).then((response) => response.arrayBuffer()),
    urls["snapshot"] ? fetchAsset(urls["snapshot"]).then((response) => response.arrayBuffer()) : undefined,
  ]);
  return { runtime, module, standardLibrary, ...(snapshot && { snapshot }) };
}

async function fetchAsset(url: string | undefined): Promise<Response> {
  if (!url) throw new Error("the page was rendered without an asset's path");
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the host answered ${response.status} for ${url}`);
  return response;
}
