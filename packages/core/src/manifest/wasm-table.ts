/** Reads the settings of a WebAssembly module: `[wasm]` of config.toml, and `spec.wasm` of tool.yaml, which are alike. */
import { readAmount } from "../tables/limits-table.ts";
import { describeValue } from "../tables/describe-value.ts";
import type { TableReader } from "../tables/table-reader.ts";

/** What `[wasm]` says; contract v1's defaults are `DEFAULT_WASM_ENTRYPOINT` and those of limits.ts. */
export interface WasmDeclaration {
  /** As it is written: a path, an `https://` URL or an `oci://` reference. */
  readonly module?: string;
  readonly entrypoint: string;
  readonly maxMemoryBytes?: number;
  readonly fuel?: number;
  readonly enableWasi: boolean;
  /** The name of the secret that holds a registry's user name and password. */
  readonly imagePullSecret?: string;
}

export const DEFAULT_WASM_ENTRYPOINT = "run";

const KEYS = ["module", "entrypoint", "max_memory_bytes", "fuel", "enable_wasi", "image_pull_secret"] as const;

/** The table under `key`; undefined where it is absent. */
export function readWasm(table: TableReader, key: string): WasmDeclaration | undefined {
  const wasm = table.optionalTable(key);
  if (wasm === undefined) return undefined;
  wasm.only(KEYS);
  const module = wasm.optionalText("module");
  const maxMemoryBytes = readAmount(wasm, "max_memory_bytes", "of bytes");
  const fuel = readAmount(wasm, "fuel");
  const imagePullSecret = wasm.optionalText("image_pull_secret");
  return {
    ...(module !== undefined && { module }),
    entrypoint: wasm.optionalText("entrypoint") ?? DEFAULT_WASM_ENTRYPOINT,
    ...(maxMemoryBytes !== undefined && { maxMemoryBytes }),
    ...(fuel !== undefined && { fuel }),
    enableWasi: readFlag(wasm, "enable_wasi"),
    ...(imagePullSecret !== undefined && { imagePullSecret }),
  };
}

function readFlag(table: TableReader, key: string): boolean {
  const found = table.value(key) ?? false;
  if (typeof found === "boolean") return found;
  throw table.fault(key, `"${key}" must be true or false, found ${describeValue(found)}`, {
    found,
    hint: `write ${key} = true, without quotes`,
  });
}
