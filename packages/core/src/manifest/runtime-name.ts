/** The names of runtimes that a manifest may use. */
import type { Program } from "../program.ts";
import { quoteText } from "../tables/describe-value.ts";
import type { TableReader } from "../tables/table-reader.ts";
import { nearestName } from "../nearest.ts";

export type RuntimeName = Program["runtime"];

export const RUNTIME_NAMES: readonly RuntimeName[] = ["python", "node", "wasm", "component"];

/** What people write for a runtime; Hyperpocket knows only its name, so this serves the hint alone. */
const OTHER_NAMES: Readonly<Record<string, RuntimeName>> = {
  py: "python",
  python3: "python",
  js: "node",
  javascript: "node",
  ts: "node",
  typescript: "node",
  nodejs: "node",
  webassembly: "wasm",
  wasi: "wasm",
};

const EXTENSIONS: Readonly<Record<RuntimeName, readonly string[]>> = {
  python: [".py", ".whl"],
  node: [".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"],
  wasm: [".wasm"],
  component: [".wasm"],
};

/** The extensions of entry files that the runtime can run. */
export function entryExtensions(runtime: RuntimeName): readonly string[] {
  return EXTENSIONS[runtime];
}

/** The runtime whose entry files end like this path; undefined when none does. */
export function runtimeOfPath(path: string): RuntimeName | undefined {
  return RUNTIME_NAMES.find((runtime) => EXTENSIONS[runtime].some((extension) => path.endsWith(extension)));
}

/** The runtime named under `key`, in upper or lower case; undefined where the key is absent. */
export function readRuntimeName(table: TableReader, key: string): RuntimeName | undefined {
  const text = table.optionalText(key);
  if (text === undefined) return undefined;
  const name = text.trim().toLowerCase();
  const runtime = RUNTIME_NAMES.find((known) => known === name);
  if (runtime !== undefined) return runtime;
  const meant = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : nearestName(name, RUNTIME_NAMES);
  const aside = meant === undefined ? "" : `, did you mean "${meant}"?`;
  throw table.fault(key, `${quoteText(key)} is ${quoteText(text)}, which is no runtime${aside}`, {
    found: text,
    ...(meant !== undefined && { nearest: meant }),
    hint: `use one of the runtimes that exist: ${RUNTIME_NAMES.join(", ")}`,
  });
}
