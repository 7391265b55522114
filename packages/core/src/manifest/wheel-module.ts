/** Finds the module that a wheel is imported by. */
import { createRequire } from "node:module";
import type * as Fflate from "fflate";
import { normalizeDistribution } from "./wheel-name.ts";

const require = createRequire(import.meta.url);

/** The lists are a few kilobytes; more than this is not unpacked. */
const MAX_LIST_BYTES = 1_048_576;

/** The names that the wheel makes importable, from its top_level.txt, else from its RECORD; none where both are missing. */
export function listWheelModules(wheel: Uint8Array): readonly string[] {
  // Loaded here, because few tools bring wheels.
  const { strFromU8, unzipSync } = require("fflate") as typeof Fflate;
  const lists = unzipSync(wheel, {
    filter: ({ name, originalSize }) =>
      originalSize <= MAX_LIST_BYTES && /^[^/]+\.dist-info\/(?:top_level\.txt|RECORD)$/u.test(name),
  });
  const textOf = (name: string): string | undefined => {
    const entry = Object.entries(lists).find(([path]) => path.endsWith(`/${name}`));
    return entry === undefined ? undefined : strFromU8(entry[1]);
  };
  const topLevel = textOf("top_level.txt")?.split(/\s+/u).filter(Boolean) ?? [];
  return topLevel.length > 0 ? topLevel : modulesOfRecord(textOf("RECORD") ?? "");
}

/** The module of the distribution's own name, else the only one that is not private; undefined when neither exists. */
export function mainModule(modules: readonly string[], distribution: string): string | undefined {
  if (modules.length === 0) return normalizeDistribution(distribution);
  const own = modules.find((name) => normalizeDistribution(name) === normalizeDistribution(distribution));
  const visible = modules.filter((name) => !name.startsWith("_"));
  return own ?? (visible.length === 1 ? visible[0] : undefined);
}

/** First segments of the paths that hold Python code. */
function modulesOfRecord(record: string): readonly string[] {
  const paths = record.split(/\r?\n/u).map((line) => line.split(",", 1)[0] ?? "");
  const modules = paths
    .map((path) => path.replace(/^[^/]+\.data\/(?:purelib|platlib)\//u, ""))
    .filter((path) => /^[^./]+(?:\/.*)?\.py$/u.test(path))
    .map((path) => path.split("/", 1)[0]?.replace(/\.py$/u, "") ?? "");
  return [...new Set(modules)];
}
