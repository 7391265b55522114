/** The installed Pyodide, as packages see it. */
import { isInstallable, parseWheelName } from "@toolpocket/core";
import { expect, test } from "vitest";
import { describeEnvironment, readInstalledDistribution } from "../src/python-environment.ts";

test("describeEnvironment() agrees with the tags that core takes", () => {
  const { lock } = readInstalledDistribution();
  const { platformTag, version } = describeEnvironment(lock);
  const python = `cp${version.split(".").slice(0, 2).join("")}`;
  const wheel = parseWheelName(`x-1-${python}-${python}-${platformTag}.whl`);
  expect(wheel && isInstallable(wheel)).toBe(true);
});

test("readInstalledDistribution() lists wheels that core takes", () => {
  const wheels = Object.values(readInstalledDistribution().lock.packages).flatMap(
    ({ file_name: file }) => parseWheelName(file) ?? [],
  );
  expect(wheels.length).toBeGreaterThan(200);
  expect(wheels.filter((wheel) => !isInstallable(wheel))).toEqual([]);
});
