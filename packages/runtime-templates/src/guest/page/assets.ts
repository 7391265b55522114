/** Fetches what a runtime needs, once for the page: all of it can be shared by its workers. */
import type { PageConfig } from "../../protocol/page-config.ts";
import type { GuestAssets } from "../../protocol/worker-messages.ts";

export async function fetchAssets({ runtime, assetPaths }: PageConfig): Promise<GuestAssets> {
  if (runtime === "component") return { runtime, gluePath: assetPaths["glue"] ?? "" };
  if (runtime !== "python") return { runtime };
  const [module, standardLibrary, snapshot] = await Promise.all([
    WebAssembly.compileStreaming(fetchAsset(assetPaths["module"])),
    WebAssembly.compileStreaming(fetchAsset(assetPaths["standardLibrary"])),
    assetPaths["snapshot"] ? WebAssembly.compileStreaming(fetchAsset(assetPaths["snapshot"])) : undefined,
  ]);
  return { runtime, module, standardLibrary, ...(snapshot && { snapshot }) };
}

async function fetchAsset(path: string | undefined): Promise<Response> {
  if (!path) throw new Error("the page was rendered without an asset's path");
  const response = await fetch(path);
  if (!response.ok) throw new Error(`the host answered ${response.status} for an asset`);
  return response;
}
