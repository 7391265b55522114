/** Opens the Python packages of a place: by the factory that was handed in, or not at all. */
import { PocketError } from "../errors.ts";
import type { PackagePlace, PythonPackages, PythonPackagesFactory } from "./python-packages.ts";

/** The packages of a place; without a factory, each use tells that there is none. */
export function openPackages(factory: PythonPackagesFactory | undefined, place: PackagePlace): PythonPackages {
  if (factory !== undefined) return factory(place);
  const refuse = async (): Promise<never> => {
    throw new PocketError("ERR_POCKET_PACKAGE_NOT_FOUND", "nothing here can install Python packages", {
      hint: 'use the Pocket, syncLock and updateLock of the package "toolpocket", or pass `pythonPackages`',
    });
  };
  return { resolve: refuse, fetch: refuse };
}
