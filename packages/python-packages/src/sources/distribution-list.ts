/** The list of a distribution of Pyodide, pyodide-lock.json: what stands in it, and whether it fits the installed Pyodide. */
import { PocketError } from "@toolpocket/core";
import { quoteForeign } from "../package-failure.ts";
import { normalizeName } from "../package-name.ts";
import type { DistributionLock, DistributionPackage } from "../python-environment.ts";

export const LIST_FILE = "pyodide-lock.json";

/** By normalized name. */
export type DistributionList = ReadonlyMap<string, DistributionPackage>;

export function toDistributionList({ packages }: Pick<DistributionLock, "packages">): DistributionList {
  return new Map(Object.values(packages).map((entry) => [normalizeName(entry.name), entry]));
}

/**
 * The list that a place serves for the Pyodide of `installed`.
 * @throws PocketError ERR_POCKET_SOURCE_UNREACHABLE where it is none; ERR_POCKET_SETTINGS_INVALID where it is another
 * Pyodide's
 */
export function parseDistributionList(
  text: string,
  { host, installed }: { host: string; installed: DistributionLock["info"] },
): DistributionList {
  const list = readLock(text, host);
  for (const key of ["abi_version", "arch", "platform"] as const) {
    if (list.info[key] !== installed[key]) throw otherPyodide(host, { found: list.info, installed });
  }
  return toDistributionList(list);
}

function readLock(text: string, host: string): DistributionLock {
  try {
    const lock: unknown = JSON.parse(text);
    if (!isRecord(lock) || !isRecord(lock["info"]) || !isRecord(lock["packages"])) {
      throw new TypeError("it has no info, or no packages");
    }
    for (const key of ["abi_version", "arch", "platform", "python"]) {
      if (typeof lock["info"][key] !== "string") throw new TypeError(`info.${key} is no text`);
    }
    for (const [name, entry] of Object.entries(lock["packages"])) {
      const fault = findFault(entry);
      if (fault !== undefined) throw new TypeError(`packages["${quoteForeign(name, 80)}"] has no ${fault}`);
    }
    return lock as unknown as DistributionLock;
  } catch (cause) {
    const reason = cause instanceof TypeError ? cause.message : "it is no JSON";
    throw new PocketError(
      "ERR_POCKET_SOURCE_UNREACHABLE",
      `${LIST_FILE} of ${host} is no list of a distribution: ${reason}`,
      {
        hint: "check the address of the distribution: it is the folder that holds pyodide-lock.json and the wheels",
        details: { host },
        cause,
      },
    );
  }
}

/** The first of what is read of an entry that it does not have. */
function findFault(entry: unknown): string | undefined {
  if (!isRecord(entry)) return "entry";
  const isText = (key: string): boolean => typeof entry[key] === "string" && entry[key] !== "";
  const missing = ["name", "version", "file_name", "package_type"].find((key) => !isText(key));
  if (missing !== undefined) return missing;
  if (!/^[0-9a-f]{64}$/u.test(String(entry["sha256"]))) return "sha256";
  const { depends } = entry;
  return Array.isArray(depends) && depends.every((name) => typeof name === "string") ? undefined : "depends";
}

function otherPyodide(
  host: string,
  { found, installed }: { found: DistributionLock["info"]; installed: DistributionLock["info"] },
): PocketError {
  const describe = ({ abi_version: abi, arch, platform, python }: DistributionLock["info"]): string =>
    quoteForeign(`ABI ${abi} on ${platform}_${arch}, Python ${python}`, 120);
  return new PocketError(
    "ERR_POCKET_SETTINGS_INVALID",
    `the distribution at ${host} is of another Pyodide: ${describe(found)}; the installed one has ${describe(installed)}`,
    {
      hint: "name the distribution of the installed Pyodide, or `distribution = false` for none",
      details: { key: "python.distribution", found: found.abi_version, expected: installed.abi_version },
    },
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
