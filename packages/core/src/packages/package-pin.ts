/** The line of a lock that pins a wheel of a package. */
import { PocketError } from "../errors.ts";
import type { PackagePin, PackagePlace, PythonPackages, PythonPackagesFactory } from "./python-packages.ts";

const LINE = /^(\S+) (\S+) (sha256-[0-9a-f]{64}) ([A-Za-z0-9_.+!-]+\.whl)$/u;

/** "name version sha256-… file". */
export function formatPackagePin({ name, version, digest, fileName }: PackagePin): string {
  return `${name} ${version} ${digest} ${fileName}`;
}

/** Undefined where the text is no such line. */
export function parsePackagePin(text: string): PackagePin | undefined {
  const [, name, version, digest, fileName] = LINE.exec(text) ?? [];
  if (name === undefined || version === undefined || digest === undefined || fileName === undefined) return undefined;
  return { name, version, digest, fileName };
}

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
