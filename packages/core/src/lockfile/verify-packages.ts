/** Checks the Python packages that a lock pins against the store: those of tools, and those of sessions. */
import { isPocketError } from "../errors.ts";
import { parsePackagePin } from "../packages/package-pin.ts";
import type { PythonPackages } from "../packages/python-packages.ts";
import type { SessionPins } from "./lock-entry.ts";

export interface VerifiedSession {
  /** What sessions ask for to get these packages. */
  readonly requires: readonly string[];
  /** `missing`: the store lacks a wheel, or has other content in its place. `pocket lock sync` fetches it. */
  readonly state: "ok" | "missing";
  /** What is wrong; absent where nothing is. */
  readonly message?: string;
}

export async function verifySession(packages: PythonPackages, session: SessionPins): Promise<VerifiedSession> {
  const { requires } = session;
  const message = await findMissingPackage(packages, session.packages);
  return message === undefined ? { requires, state: "ok" } : { requires, state: "missing", message };
}

/** What is said of the first of the pinned wheels whose content the store does not have under its digest. */
export async function findMissingPackage(
  packages: PythonPackages,
  lines: readonly string[],
): Promise<string | undefined> {
  for (const pin of lines.flatMap((line) => parsePackagePin(line) ?? [])) {
    try {
      await packages.fetch([pin], { offline: true });
    } catch (error) {
      if (!isPocketError(error)) throw error;
      return `its package ${pin.fileName} is not in the store as it is pinned`;
    }
  }
  return undefined;
}
