/** Checks before a module is instantiated that it has an entry point, and imports nothing that nobody provides. */
import type { GuestWasmProgram } from "../../../protocol/guest-program.ts";
import { GuestFailure } from "../guest-runtime.ts";
import { WASI_FUNCTIONS } from "./wasi/wasi.ts";

export const WASI_MODULE = "wasi_snapshot_preview1";
/** How many names a message lists. */
const MAX_LISTED = 8;

/** @throws GuestFailure runtime_policy_invalid */
export function checkModule({ module, name, entrypoint, enableWasi, fuel }: GuestWasmProgram): void {
  const imports = WebAssembly.Module.imports(module);
  const exports = WebAssembly.Module.exports(module);
  const wasi = imports.filter((wanted) => wanted.module === WASI_MODULE);
  if (wasi.length > 0 && !enableWasi) {
    throw refuse(
      `${name} imports WASI (${list(wasi.map((wanted) => wanted.name))}), which it has not enabled: set enable_wasi = true in [wasm]`,
    );
  }
  const foreign = imports.filter((wanted) => wanted.module !== WASI_MODULE || !isProvided(wanted));
  if (foreign.length > 0) {
    const names = list(foreign.map((wanted) => `${wanted.module}.${wanted.name}`));
    throw refuse(`${name} imports what nobody provides: ${names}; there is only ${WASI_MODULE}`);
  }
  if (wasi.length > 0 && !exports.some(({ name: key, kind }) => key === "memory" && kind === "memory")) {
    throw refuse(`${name} imports WASI but exports no memory of the name "memory"`);
  }
  const functions = exports.filter(({ kind }) => kind === "function").map((exported) => exported.name);
  if (functions.includes(entrypoint) || functions.includes("_start")) return;
  const offered = functions.filter((key) => key !== fuel.start);
  throw refuse(
    `${name} exports no function "${entrypoint}" and no "_start"; it exports ${offered.length > 0 ? list(offered) : "no function"}`,
  );
}

function isProvided({ name, kind }: WebAssembly.ModuleImportDescriptor): boolean {
  return kind === "function" && WASI_FUNCTIONS.includes(name);
}

function list(names: readonly string[]): string {
  const more = names.length - MAX_LISTED;
  return `${names.slice(0, MAX_LISTED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function refuse(message: string): GuestFailure {
  return new GuestFailure("runtime_policy_invalid", message);
}
