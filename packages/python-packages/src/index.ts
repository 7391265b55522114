/** The public names of @toolpocket/python-packages. */
export { fetchWheels } from "./fetch-wheels.ts";
export { isPackageName, normalizeName } from "./package-name.ts";
export {
  DEFAULT_INDEX_URL,
  DEFAULT_MAX_WHEEL_BYTES,
  DEFAULT_PACKAGE_TIMEOUT_MS,
  type PackageOptions,
} from "./package-options.ts";
export type { FetchedWheel, PinnedWheel } from "./pinned-wheel.ts";
export { createPythonPackages } from "./python-packages.ts";
export { parseRequirement, type Requirement } from "./requirement.ts";
export { resolvePackages } from "./resolve-packages.ts";
export { DEFAULT_MAX_UNPACKED_BYTES, DEFAULT_MAX_WHEEL_FILES, type WheelLimits } from "./wheel/wheel-entries.ts";
