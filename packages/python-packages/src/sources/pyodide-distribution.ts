/** A distribution of Pyodide as a source of packages: its list, with digests, and its wheels. */
import type { HostDirectory } from "@toolpocket/core";
import { quoteForeign } from "../package-failure.ts";
import { normalizeName } from "../package-name.ts";
import type { DistributionLock, DistributionPackage } from "../python-environment.ts";
import { type DistributionList, LIST_FILE, parseDistributionList, toDistributionList } from "./distribution-list.ts";
import { download } from "./download.ts";
import { type PackageSource, readWheelName } from "./package-source.ts";
import { unanswered } from "./unanswered.ts";

/** The public one, of a few hundred packages, is 120 KB. */
const MAX_LIST_BYTES = 16_777_216;

export interface PyodideDistributionOptions {
  /** The list that came with the installed Pyodide. */
  readonly lock: DistributionLock;
  /** Where the files are; ends in a slash. User and password in it are for its origin alone. */
  readonly url: URL;
  /** Whether the place is Pyodide's own: what it has is known from the installed list, and its digests are from there. */
  readonly isPublic: boolean;
  readonly hosts: HostDirectory;
  readonly maxWheelBytes: number;
  readonly timeoutMs: number;
}

export function createPyodideDistribution(options: PyodideDistributionOptions): PackageSource {
  const { lock, url, isPublic, hosts, maxWheelBytes, timeoutMs } = options;
  const get = async (fileName: string, maxBytes: number, signal: AbortSignal) => {
    const place = new URL(encodeURIComponent(fileName), url);
    return download(place, { reference: fileName, hosts, maxBytes, timeoutMs, signal, login: url });
  };
  const fetchFile = (fileName: string) => async (signal: AbortSignal) => {
    const answer = await get(fileName, maxWheelBytes, signal);
    if (answer.found) return answer.bytes;
    throw unanswered(answer, { reference: fileName, host: url.host, place: "distribution" });
  };
  const readList = async (signal: AbortSignal): Promise<DistributionList> => {
    if (isPublic) return toDistributionList(lock);
    const answer = await get(LIST_FILE, MAX_LIST_BYTES, signal);
    if (answer.found) {
      const text = new TextDecoder().decode(answer.bytes);
      return parseDistributionList(text, { host: url.host, installed: lock.info });
    }
    // A mirror of the wheels alone: their names and digests are those of the installed Pyodide.
    if (answer.status === 404 || answer.status === 410) return toDistributionList(lock);
    throw unanswered(answer, { reference: LIST_FILE, host: url.host, place: "distribution" });
  };
  let list: Promise<DistributionList> | undefined;
  return {
    label: `Pyodide's distribution (${url.host})`,
    async find(name, signal) {
      const packages = await (list ??= readList(signal));
      const entry = packages.get(name);
      if (entry === undefined) return "not part of it";
      const { file_name: fileName, sha256, depends } = entry;
      const wheel = readWheelName(fileName);
      if (wheel === undefined) return `there is only ${quoteForeign(fileName, 80)}, which is no wheel`;
      const library = findSharedLibrary(entry, packages);
      if (library !== undefined)
        return `needs the shared library ${quoteForeign(library, 80)}, which is not loaded here`;
      return {
        wheels: [{ fileName, wheel, digest: `sha256-${sha256}`, dependencies: depends, fetch: fetchFile(fileName) }],
        others: [],
      };
    },
  };
}

/** Libraries are no wheels: they would have to be linked into the interpreter before the package is imported. */
function findSharedLibrary({ depends }: DistributionPackage, packages: DistributionList): string | undefined {
  return depends.find((name) => packages.get(normalizeName(name))?.package_type === "shared_library");
}
