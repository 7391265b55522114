/** Fetches what a runtime needs, once for the page, and gives each worker its own. */
import type { PageConfig } from "../../protocol/page-config.ts";
import type { GuestAssets } from "../../protocol/worker-messages.ts";
import { createCopier } from "./copier.ts";

/** Assets for one worker, and which of them are to be transferred to it. */
export interface AssetSet {
  readonly assets: GuestAssets;
  readonly transfer: Transferable[];
}

export type AssetSource = () => Promise<AssetSet>;

export async function fetchAssets({ runtime, assetPaths, copierPath }: PageConfig): Promise<AssetSource> {
  if (runtime === "component") {
    return async () => ({ assets: { runtime, gluePath: assetPaths["glue"] ?? "" }, transfer: [] });
  }
  if (runtime !== "python") return async () => ({ assets: { runtime }, transfer: [] });
  const [module, standardLibrary, snapshot] = await Promise.all([
    WebAssembly.compileStreaming(fetchAsset(assetPaths["module"])),
    fetchAsset(assetPaths["standardLibrary"]).then((response) => response.arrayBuffer()),
    assetPaths["snapshot"] ? fetchAsset(assetPaths["snapshot"]).then((response) => response.arrayBuffer()) : undefined,
  ]);
  const fixed = { runtime, module, standardLibrary } as const;
  if (!snapshot) return async () => ({ assets: fixed, transfer: [] });
  const copySnapshot = createCopier(copierPath, snapshot);
  return async () => {
    const copy = await copySnapshot();
    return { assets: { ...fixed, snapshot: copy }, transfer: [copy] };
  };
}

async function fetchAsset(path: string | undefined): Promise<Response> {
  if (!path) throw new Error("the page was rendered without an asset's path");
  const response = await fetch(path);
  if (!response.ok) throw new Error(`the host answered ${response.status} for an asset`);
  return response;
}
