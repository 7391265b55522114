/** Pyodide's own distribution as a source of packages: listed, with digests, by the installed Pyodide; fetched by URL. */
import type { HostDirectory } from "@toolpocket/core";
import { normalizeName } from "../package-name.ts";
import type { DistributionLock, DistributionPackage } from "../python-environment.ts";
import { download } from "./download.ts";
import { type PackageSource, readWheelName } from "./package-source.ts";
import { unanswered } from "./python-index.ts";

export interface PyodideDistributionOptions {
  readonly lock: DistributionLock;
  /** Where the files are; ends in a slash. */
  readonly url: URL;
  readonly hosts: HostDirectory;
  readonly maxWheelBytes: number;
  readonly timeoutMs: number;
}

export function createPyodideDistribution(options: PyodideDistributionOptions): PackageSource {
  const { lock, url, hosts, maxWheelBytes, timeoutMs } = options;
  const packages = new Map(Object.values(lock.packages).map((entry) => [normalizeName(entry.name), entry]));
  const fetchFile = (fileName: string) => async (signal: AbortSignal) => {
    const place = new URL(encodeURIComponent(fileName), url);
    const answer = await download(place, { reference: fileName, hosts, maxBytes: maxWheelBytes, timeoutMs, signal });
    if (answer.found) return answer.bytes;
    throw unanswered(fileName, url.host, answer);
  };
  return {
    label: `Pyodide's distribution (${url.host})`,
    async find(name) {
      const entry = packages.get(name);
      const wheel = entry === undefined ? undefined : readWheelName(entry.file_name);
      if (entry === undefined || wheel === undefined) return "not part of it";
      const library = findSharedLibrary(entry, packages);
      if (library !== undefined) return `needs the shared library ${library}, which is not loaded here`;
      const { file_name: fileName, sha256, depends } = entry;
      return {
        wheels: [{ fileName, wheel, digest: `sha256-${sha256}`, dependencies: depends, fetch: fetchFile(fileName) }],
        others: [],
      };
    },
  };
}

/** Libraries are no wheels: they would have to be linked into the interpreter before the package is imported. */
function findSharedLibrary(
  { depends }: DistributionPackage,
  packages: ReadonlyMap<string, DistributionPackage>,
): string | undefined {
  return depends.find((name) => packages.get(normalizeName(name))?.package_type === "shared_library");
}
