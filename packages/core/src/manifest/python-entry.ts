/** Finds what a Python tool runs: the wheel, script, module or function that its manifest names, or the default. */
import type { PythonEntry, ToolFiles, Wheel } from "../program.ts";
import { quoteText } from "../tables/describe-value.ts";
import type { Declaration } from "./declaration.ts";
import { missingEntry, noDefaultEntry, requireEntryFile } from "./entry-file.ts";
import { readPythonProject, type PythonProject } from "./pyproject.ts";
import { listWheelModules, mainModule } from "./wheel-module.ts";
import { normalizeDistribution } from "./wheel-name.ts";

/** @throws PocketError ERR_POCKET_MANIFEST_INVALID, `details: { file, key, found?, nearest? }` */
export function resolvePythonEntry(declaration: Declaration, files: ToolFiles, wheels: readonly Wheel[]): PythonEntry {
  const { entry } = declaration;
  if (entry === undefined) return findDefaultEntry(declaration, files, wheels);
  if (entry.kind === "module") return resolveModule(declaration, entry.module, files);

  requireEntryFile(declaration, entry.path, files);
  const wheel = wheels.find(({ path }) => path === entry.path);
  if (wheel === undefined) {
    return entry.function === undefined
      ? { kind: "script", path: entry.path }
      : { kind: "function", path: entry.path, function: entry.function };
  }
  if (entry.function === undefined) return toWheelEntry(declaration, wheel, files);
  throw declaration.entryFault(`${quoteText(entry.path)} is a wheel, of which only main() is called`, {
    found: `${entry.path}:${entry.function}`,
    nearest: entry.path,
    hint: `write "${entry.path}"`,
  });
}

/** Hyperpocket's order: the project's wheel. Then a script, then the project's package as `python -m` runs it. */
function findDefaultEntry(declaration: Declaration, files: ToolFiles, wheels: readonly Wheel[]): PythonEntry {
  const project = readPythonProject(files);
  const wheel = project && findProjectWheel(project, wheels);
  if (wheel !== undefined) return toWheelEntry(declaration, wheel, files);
  if (files.has("main.py")) return { kind: "script", path: "main.py" };
  const packageEntry = project && findModule(normalizeDistribution(project.name), files);
  if (packageEntry !== undefined) return packageEntry;
  if (files.has("__main__.py")) return { kind: "script", path: "__main__.py" };
  if (project === undefined) throw noDefaultEntry(declaration, files, ["main.py"]);
  const hint = "commit the wheel that `python -m build --wheel` makes, or add main.py";
  throw noDefaultEntry(declaration, files, [wheelPattern(project), "main.py"], hint);
}

function wheelPattern({ name, version = "<version>" }: PythonProject): string {
  return `dist/${name.replaceAll(/[-_.]+/gu, "_")}-${version}-py3-none-any.whl`;
}

/** The wheel of the project's version, or the only one: a build writes some versions otherwise ("1.0.0-beta1" as "1.0.0b1"). */
function findProjectWheel({ name, version }: PythonProject, wheels: readonly Wheel[]): Wheel | undefined {
  const built = wheels.filter(
    (wheel) => wheel.path.startsWith("dist/") && normalizeDistribution(wheel.name) === normalizeDistribution(name),
  );
  return built.find((wheel) => wheel.version === version) ?? (built.length === 1 ? built[0] : undefined);
}

function toWheelEntry(declaration: Declaration, { path, name }: Wheel, files: ToolFiles): PythonEntry {
  const modules = readModules(declaration, path, files);
  const module = mainModule(modules, name);
  if (module !== undefined) return { kind: "wheel", path, module };
  throw declaration.entryFault(`${quoteText(path)} holds no module ${quoteText(normalizeDistribution(name))}`, {
    found: modules.join(", "),
    hint: "name the module like the wheel, with a function main() in it",
  });
}

function readModules(declaration: Declaration, path: string, files: ToolFiles): readonly string[] {
  try {
    return listWheelModules(files.get(path) ?? new Uint8Array());
  } catch (cause) {
    throw declaration.entryFault(`${quoteText(path)} cannot be unpacked`, { hint: "build the wheel again", cause });
  }
}

function resolveModule(declaration: Declaration, module: string, files: ToolFiles): PythonEntry {
  const entry = findModule(module, files);
  if (entry !== undefined) return entry;
  const path = module.replaceAll(".", "/");
  throw missingEntry(declaration, `neither ${path}/__main__.py nor ${path}.py exists`, `${path}/__main__.py`, files);
}

/** The module in the tool's folder or in its `src`: a package's `__main__.py`, or the module's own file. */
function findModule(module: string, files: ToolFiles): PythonEntry | undefined {
  const path = module.replaceAll(".", "/");
  const candidates = ["", "src/"].flatMap((root) => [`${root}${path}/__main__.py`, `${root}${path}.py`]);
  const found = candidates.find((candidate) => files.has(candidate));
  return found === undefined ? undefined : { kind: "script", path: found, module };
}
