/** Markers, evaluated for Pyodide. */
import { expect, test } from "vitest";
import { isMarked } from "../src/marker.ts";
import { describeEnvironment, readInstalledDistribution } from "../src/python-environment.ts";
import { parseRequirement } from "../src/requirement.ts";

const { markers } = describeEnvironment(readInstalledDistribution().lock);

test.each([
  ['python_version >= "3.9"', true],
  ['python_version < "3.9"', false],
  ['python_version < "3.9" or sys_platform == "emscripten"', true],
  ['python_version >= "3.10" and python_version < "4"', true],
  ['sys_platform == "win32"', false],
  ['sys_platform != "win32" and platform_system != "Windows"', true],
  ["os_name == 'posix'", true],
  ['"linux" in sys_platform', false],
  ['sys_platform not in "win32 darwin"', true],
  ['platform_python_implementation == "CPython"', true],
  ['platform_python_implementation == "PyPy"', false],
  ['(python_version > "3" and platform_machine == "wasm32")', true],
  ['python_full_version >= "3.14.0rc1"', true],
  ['extra == "socks"', false],
])("isMarked() finds that %s is %s", (marker, expected) => {
  expect(isMarked(parseRequirement(`x; ${marker}`).marker, markers)).toBe(expected);
});

test("isMarked() takes what an extra asks for only with it, however it is spelled", () => {
  const { marker } = parseRequirement('x; extra == "Use_Socks"');
  expect(isMarked(marker, markers, ["use-socks"])).toBe(true);
  expect(isMarked(marker, markers, ["other"])).toBe(false);
});
