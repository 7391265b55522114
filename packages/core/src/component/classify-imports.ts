/** Tells for each interface that a component imports whether it is had here, and what for it has to be granted. */
import { type WitImport, withoutVersion } from "@toolpocket/wit";

/**
 * - `provided`: there for every tool.
 * - `storage`, `network`: there, and shows or reaches only what the user has granted.
 * - `refused`: there, so that a component which may do without it runs; every call of it fails with access denied.
 * - `missing`: nobody provides it, and the component cannot be run.
 */
export const IMPORT_STATES = ["provided", "storage", "network", "refused", "missing"] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

export interface ComponentImport {
  /** As the component names it, for example "wasi:http/outgoing-handler@0.2.0". */
  readonly name: string;
  readonly state: ImportState;
}

/** By package, or by interface where a package has both kinds. */
const STATES: Readonly<Record<string, ImportState>> = {
  "wasi:cli": "provided",
  "wasi:clocks": "provided",
  "wasi:random": "provided",
  "wasi:io": "provided",
  "wasi:config/store": "provided",
  "wasi:filesystem": "storage",
  "wasi:http/types": "network",
  "wasi:http/outgoing-handler": "network",
  "wasi:sockets": "refused",
};

/** In the order of the component; what has types only is of no interest. */
export function classifyImports(imports: readonly WitImport[]): readonly ComponentImport[] {
  return imports.filter(({ uses }) => uses.length > 0).map(({ name }) => ({ name, state: stateOf(name) }));
}

function stateOf(name: string): ImportState {
  const plain = withoutVersion(name);
  // Version 0.3 has interfaces of the same names with asynchronous functions.
  if (!/^0\.2\.\d+(?:-[\w.-]+)?$/u.test(name.slice(plain.length + 1))) return "missing";
  return STATES[plain] ?? STATES[plain.slice(0, plain.indexOf("/"))] ?? "missing";
}
