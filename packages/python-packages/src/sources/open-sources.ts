/** Opens the sources that the options name, in their order: folders, the index, Pyodide's distribution. */
import { PocketError } from "@toolpocket/core";
import { quoteForeign } from "../package-failure.ts";
import { publicDistribution, type ResolvedPackageOptions } from "../package-options.ts";
import { readInstalledDistribution } from "../python-environment.ts";
import type { CatalogSource } from "../resolve/package-catalog.ts";
import { createPyodideDistribution } from "./pyodide-distribution.ts";
import type { PackageSource } from "./package-source.ts";
import { createPythonIndex } from "./python-index.ts";
import { createWheelFolder } from "./wheel-folder.ts";

/** @throws PocketError ERR_POCKET_SETTINGS_INVALID where an address is none */
export function openSources(options: ResolvedPackageOptions): readonly CatalogSource[] {
  const folders = options.wheelFolders.map((folder) => ({ source: createWheelFolder(folder), isFirst: true }));
  if (options.offline) return folders;
  const index = options.index === false ? [] : [createPythonIndex(options.index, options)];
  const distribution = options.distribution === false ? [] : [openDistribution(options.distribution, options)];
  return [...folders, ...[...index, ...distribution].map((source) => ({ source, isFirst: false }))];
}

function openDistribution(address: string, options: ResolvedPackageOptions): PackageSource {
  const { lock, version } = readInstalledDistribution();
  const url = readFolderUrl(address);
  return createPyodideDistribution({ ...options, lock, url, isPublic: url.href === publicDistribution(version) });
}

function readFolderUrl(address: string): URL {
  const url = URL.parse(address.endsWith("/") ? address : `${address}/`);
  if (url !== null && (url.protocol === "https:" || url.protocol === "http:")) return url;
  throw new PocketError(
    "ERR_POCKET_SETTINGS_INVALID",
    `the address of Pyodide's distribution "${quoteForeign(address)}" is no http address`,
    {
      hint: "name the folder that holds its pyodide-lock.json and its wheels",
      details: { key: "python.distribution" },
    },
  );
}
