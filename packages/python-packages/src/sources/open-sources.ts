/** Opens the sources that the options name, in their order: folders, the index, Pyodide's distribution. */
import { PocketError } from "@toolpocket/core";
import { quoteForeign } from "../package-failure.ts";
import type { ResolvedPackageOptions } from "../package-options.ts";
import { readInstalledDistribution } from "../python-environment.ts";
import type { CatalogSource } from "../resolve/package-catalog.ts";
import { createPyodideDistribution } from "./pyodide-distribution.ts";
import { createPythonIndex } from "./python-index.ts";
import { createWheelFolder } from "./wheel-folder.ts";

/** @throws PocketError ERR_POCKET_SETTINGS_INVALID where an address is none */
export function openSources(options: ResolvedPackageOptions): readonly CatalogSource[] {
  const folders = options.wheelFolders.map((folder) => ({ source: createWheelFolder(folder), isFirst: true }));
  if (options.offline) return folders;
  const index = options.index === false ? [] : [createPythonIndex(options.index, options)];
  const { lock } = readInstalledDistribution();
  const distribution =
    options.distribution === false
      ? []
      : [createPyodideDistribution({ ...options, lock, url: readFolderUrl(options.distribution) })];
  return [...folders, ...[...index, ...distribution].map((source) => ({ source, isFirst: false }))];
}

function readFolderUrl(address: string): URL {
  const url = URL.parse(address.endsWith("/") ? address : `${address}/`);
  if (url !== null && (url.protocol === "https:" || url.protocol === "http:")) return url;
  throw new PocketError(
    "ERR_POCKET_SETTINGS_INVALID",
    `the address of Pyodide's distribution "${quoteForeign(address)}" is no http address`,
    { hint: "name the folder that holds its wheels", details: { key: "python.distribution" } },
  );
}
