/** The line of a lock that pins a wheel of a package. */
import type { PackagePin } from "./python-packages.ts";

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
