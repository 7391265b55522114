/** The Python packages of a Pocket, loaded when a tool first asks for one. */
import type { PackagePlace, PythonPackages } from "@toolpocket/core";

/** From an index, folders of wheels and Pyodide's distribution, as `[python]` of settings.toml says. */
export function pythonPackages(place: PackagePlace): PythonPackages {
  let opened: Promise<PythonPackages> | undefined;
  const open = (): Promise<PythonPackages> =>
    (opened ??= import("@toolpocket/python-packages").then(({ createPythonPackages }) => createPythonPackages(place)));
  return {
    resolve: async (requirements, options) => (await open()).resolve(requirements, options),
    fetch: async (pins, options) => (await open()).fetch(pins, options),
  };
}
