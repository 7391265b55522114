/** The Python packages of a session: those that it begins with, those that are installed later, and their restoring. */
import { PocketError } from "../errors.ts";
import { isInstallable, normalizeDistribution, parseWheelName } from "../manifest/wheel-name.ts";
import type { PythonPackages } from "../packages/python-packages.ts";
import type { SessionPackage } from "./session-options.ts";

/** A package as it is installed. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
}

export interface SessionPackages {
  /** Sorted by name. */
  list(): readonly InstalledPackage[];
  /**
   * The wheels that are missing for what is asked; versions that are installed stay.
   * @throws PocketError as the installer does
   */
  plan(asked: readonly (string | SessionPackage)[], signal?: AbortSignal): Promise<readonly SessionPackage[]>;
  /** Takes note that a wheel is installed now. */
  add(wheel: SessionPackage): void;
  /** Wheels that were installed after the session had begun: a fresh instance lacks them. */
  later(): readonly SessionPackage[];
}

/**
 * The wheels that a session begins with.
 * @throws PocketError as the installer does; ERR_POCKET_PACKAGE_REFUSED for a file name that is no wheel's, or another
 * platform's
 */
export async function resolveSessionPackages(
  asked: readonly (string | SessionPackage)[],
  packages: PythonPackages,
): Promise<readonly SessionPackage[]> {
  return createSessionPackages([], packages).plan(asked);
}

/** @param begun the wheels that the session begins with */
export function createSessionPackages(begun: readonly SessionPackage[], packages: PythonPackages): SessionPackages {
  const installed = new Map<string, InstalledPackage>();
  const later: SessionPackage[] = [];
  const note = (wheel: SessionPackage): void => {
    const described = describe(wheel);
    installed.set(normalizeDistribution(described.name), described);
  };
  const isThere = (wheel: SessionPackage): boolean => {
    const { name, version } = describe(wheel);
    return installed.get(normalizeDistribution(name))?.version === version;
  };
  for (const wheel of begun) note(wheel);
  return {
    list: () => [...installed.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    async plan(asked, signal) {
      const options = signal === undefined ? {} : { signal };
      const requirements = asked.filter((one) => typeof one === "string");
      const given = asked.filter((one) => typeof one !== "string");
      for (const wheel of given) describe(wheel);
      if (requirements.length === 0) return given.filter((wheel) => !isThere(wheel));
      // What is installed stays as it is: code may have imported it.
      const kept = [...installed.values()].map(({ name, version }) => `${name}==${version}`);
      const pins = await packages.resolve([...requirements, ...kept], options);
      const wheels = await packages.fetch(
        pins.filter((pin) => installed.get(normalizeDistribution(pin.name))?.version !== pin.version),
        options,
      );
      return [...given.filter((wheel) => !isThere(wheel)), ...wheels];
    },
    add(wheel) {
      note(wheel);
      later.push(wheel);
    },
    later: () => later,
  };
}

function describe({ fileName }: SessionPackage): InstalledPackage {
  const name = parseWheelName(fileName);
  if (name !== undefined && isInstallable(name)) return { name: name.distribution, version: name.version };
  if (name !== undefined) {
    throw new PocketError("ERR_POCKET_PACKAGE_REFUSED", `${fileName} is built for another Python or platform`, {
      hint: "bring a pure wheel (py3-none-any) or one built for Pyodide",
      details: { file: fileName },
    });
  }
  throw new PocketError("ERR_POCKET_PACKAGE_REFUSED", `${JSON.stringify(fileName)} is no name of a wheel`, {
    hint: "give the wheel back its name, for example attrs-25.3.0-py3-none-any.whl",
    details: { file: fileName },
  });
}
