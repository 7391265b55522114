/** Core's port for Python packages, as it is implemented here. */
import { resolve } from "node:path";
import type { PackagePlace, PackageWorkOptions, PythonPackages } from "@toolpocket/core";
import { fetchWheels } from "./fetch-wheels.ts";
import type { PackageOptions } from "./package-options.ts";
import { resolvePackages } from "./resolve-packages.ts";

/** The packages of a project, from the sources that `[python]` of its settings names. */
export function createPythonPackages(place: PackagePlace): PythonPackages {
  return {
    resolve: async (requirements, options) => resolvePackages(requirements, toOptions(place, options)),
    fetch: async (pins, options) => fetchWheels(pins, toOptions(place, options)),
  };
}

function toOptions(place: PackagePlace, { offline, signal }: PackageWorkOptions = {}): PackageOptions {
  const { index, distribution, wheels } = place.settings;
  const signals = [place.signal, signal].filter((one) => one !== undefined);
  return {
    store: place.store,
    hosts: place.hosts,
    onProgress: place.onProgress,
    offline: offline ?? place.offline,
    wheelFolders: wheels.map((folder) => resolve(place.cwd, folder)),
    ...(index !== undefined && { index }),
    ...(distribution !== undefined && { distribution }),
    ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
  };
}
