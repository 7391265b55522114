/** The wheels that a Python tool brings in its tree. */
import { createHash } from "node:crypto";
import { posix } from "node:path";
import { PocketError } from "../errors.ts";
import type { ToolFiles, Wheel } from "../program.ts";
import { quoteText } from "../tables/describe-value.ts";
import { isInstallable, normalizeDistribution, parseWheelName } from "./wheel-name.ts";

/**
 * Every wheel of the tree, sorted by path.
 * @throws PocketError ERR_POCKET_MANIFEST_INVALID, `details: { file }`, when one cannot be installed.
 */
export function listWheels(files: ToolFiles): readonly Wheel[] {
  const paths = [...files.keys()].filter((path) => path.endsWith(".whl")).toSorted();
  return paths.map((path) => readWheel(path, files.get(path) ?? new Uint8Array()));
}

function readWheel(path: string, content: Uint8Array): Wheel {
  const name = parseWheelName(posix.basename(path));
  if (name === undefined) {
    throw wheelError(
      path,
      "has no name of the form NAME-VERSION-PYTHON-ABI-PLATFORM.whl",
      "give the wheel back its name",
    );
  }
  if (!isInstallable(name)) {
    throw wheelError(
      path,
      "is built for another Python or platform",
      "bring a pure wheel (py3-none-any) or one built for Pyodide 314 (cp314-cp314-pyemscripten_2026_0_wasm32)",
    );
  }
  const digest = `sha256-${createHash("sha256").update(content).digest("hex")}`;
  return { path, name: name.distribution, version: name.version, digest };
}

/**
 * The wheels to install, one for each distribution. What else lies about of the entry wheel's distribution are older
 * builds: they are left out. The same wheel twice counts once.
 * @throws PocketError ERR_POCKET_MANIFEST_INVALID, `details: { file }`, when two differ.
 */
export function chooseWheels(wheels: readonly Wheel[], entryPath?: string): readonly Wheel[] {
  const entryWheel = wheels.find(({ path }) => path === entryPath);
  const chosen = new Map<string, Wheel>();
  if (entryWheel !== undefined) chosen.set(normalizeDistribution(entryWheel.name), entryWheel);
  for (const wheel of wheels) {
    const distribution = normalizeDistribution(wheel.name);
    const other = chosen.get(distribution);
    if (other === undefined) chosen.set(distribution, wheel);
    else if (other !== entryWheel && other.digest !== wheel.digest) {
      throw wheelError(
        wheel.path,
        `and ${quoteText(other.path)} are two wheels of one distribution`,
        "keep one of them, remove the other",
      );
    }
  }
  return [...chosen.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function wheelError(path: string, message: string, hint: string): PocketError {
  return new PocketError("ERR_POCKET_MANIFEST_INVALID", `${quoteText(path)} ${message}`, {
    hint,
    details: { file: path },
  });
}
