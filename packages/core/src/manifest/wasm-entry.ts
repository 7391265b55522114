/** Finds the WebAssembly module of a tool, and what is called in it. */
import { posix } from "node:path";
import { isComponent } from "@toolpocket/wit";
import type { ContractContext, ToolFiles } from "../program.ts";
import { quoteText } from "../tables/describe-value.ts";
import type { Declaration } from "./declaration.ts";
import { missingEntry, noDefaultEntry, requireEntryFile } from "./entry-file.ts";
import { DEFAULT_WASM_ENTRYPOINT } from "./wasm-table.ts";

export type WasmModule =
  /** A file of the tool. */
  | { readonly kind: "file"; readonly path: string }
  /** `https://…` or `oci://…`, fetched and pinned like the tool itself. */
  | { readonly kind: "remote"; readonly reference: string; readonly pullSecret?: string };

export interface WasmEntry {
  readonly module: WasmModule;
  readonly entrypoint: string;
  readonly enableWasi: boolean;
  readonly contract: ContractContext;
}

const EMPTY_CONTRACT: ContractContext = { capabilities: [] };
/** `\0asm`, then the version. */
const MODULE_PREAMBLE = "0061736d01000000";

/** @throws PocketError ERR_POCKET_MANIFEST_INVALID, `details: { file, key, found?, nearest? }` */
export function resolveWasmEntry(declaration: Declaration, files: ToolFiles): WasmEntry {
  const { wasm, entry, contract = EMPTY_CONTRACT } = declaration;
  const named = entry?.kind === "file" ? entry.function : undefined;
  return {
    module: resolveModule(declaration, files),
    entrypoint: named ?? wasm?.entrypoint ?? DEFAULT_WASM_ENTRYPOINT,
    enableWasi: wasm?.enableWasi ?? false,
    contract,
  };
}

/** The module that the manifest of a wasm tool or a component names. @throws PocketError ERR_POCKET_MANIFEST_INVALID */
export function resolveModule(declaration: Declaration, files: ToolFiles): WasmModule {
  const { entry } = declaration;
  const wasm = declaration.component ?? declaration.wasm;
  const written = wasm?.module ?? (entry?.kind === "file" ? entry.path : undefined);
  if (written !== undefined && /^(?:https|oci):\/\//iu.test(written)) {
    const { imagePullSecret } = wasm ?? {};
    return {
      kind: "remote",
      reference: written,
      ...(imagePullSecret !== undefined && { pullSecret: imagePullSecret }),
    };
  }
  const path = written === undefined ? findOnlyModule(declaration, files) : resolvePath(declaration, written, files);
  checkPreamble(declaration, path, files.get(path) ?? new Uint8Array());
  return { kind: "file", path };
}

/** A tool that names no module and holds just one has it as its module. */
function findOnlyModule(declaration: Declaration, files: ToolFiles): string {
  const [only, second] = [...files.keys()].filter((path) => path.endsWith(".wasm"));
  if (only !== undefined && second === undefined) return only;
  const hint =
    only === undefined
      ? `build the tool's module, and name it as module in [${declaration.runtime}]`
      : `name one of the tool's .wasm files as module in [${declaration.runtime}]`;
  throw noDefaultEntry(declaration, files, ["tool.wasm"], hint);
}

/** Where the author's own machine had the module under an absolute path, the tool's folder has it under its name. */
function resolvePath(declaration: Declaration, written: string, files: ToolFiles): string {
  if (posix.isAbsolute(written)) {
    const name = posix.basename(written);
    const path = [...files.keys()].find((file) => posix.basename(file) === name);
    if (path !== undefined) return path;
    throw missingEntry(
      declaration,
      `${quoteText(written)} is outside of the tool's folder, which holds no ${quoteText(name)}`,
      name,
      files,
    );
  }
  const path = posix.normalize(written);
  if (path.split("/").includes("..") || /[\\\p{Cc}]|^[a-z][a-z0-9+.-]*:/iu.test(path)) {
    throw declaration.entryFault(`the module ${quoteText(written)} is no path inside of the tool's folder`, {
      found: written,
      hint: 'write a relative path with "/", or an https:// or oci:// reference',
    });
  }
  requireEntryFile(declaration, path, files);
  return path;
}

function checkPreamble(declaration: Declaration, path: string, bytes: Uint8Array): void {
  const found = kindOf(bytes);
  const wanted = declaration.runtime === "component" ? "component" : "module";
  if (found === wanted) return;
  const what = found === undefined ? `not a WebAssembly ${wanted}` : `a ${found}, not a ${wanted}`;
  throw declaration.entryFault(`${quoteText(path)} is ${what}`, { found: path, hint: KIND_HINTS[found ?? "other"] });
}

/** What helps where the file is something else than it should be. */
const KIND_HINTS = {
  component: 'write language = "component" for a component, or build the tool for the target wasm32-wasip1',
  module: 'write language = "wasm" for a module, or make it a component, as with `wasm-tools component new`',
  other: "build the tool again, and check that the file is the compiler's output",
} as const;

function kindOf(bytes: Uint8Array): "module" | "component" | undefined {
  if (isComponent(bytes)) return "component";
  return Buffer.from(bytes.subarray(0, 8)).toString("hex") === MODULE_PREAMBLE ? "module" : undefined;
}
