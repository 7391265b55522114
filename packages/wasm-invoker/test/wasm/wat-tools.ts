/** Makes wasm tools for tests out of a few lines of WAT, each in a folder as a user would have it. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assembleWat } from "@toolpocket/test-kit/assemble-wat";

export interface WatTool {
  /** The module as text, or its bytes. */
  readonly module: string | Uint8Array;
  /** Lines of `[wasm]` after `module`; by default WASI is enabled. */
  readonly wasm?: string;
  /** Lines before it. */
  readonly config?: string;
}

/** Writes the tool `name` into a folder of `parent`; gives the folder. */
export async function writeWatTool(parent: string, name: string, tool: WatTool): Promise<string> {
  const { module, wasm = "enable_wasi = true", config = "" } = tool;
  const folder = join(parent, name);
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "config.toml"),
    `name = "${name}"\ndescription = "A test"\n${config}\n[wasm]\nmodule = "tool.wasm"\n${wasm}\n`,
  );
  await writeFile(join(folder, "tool.wasm"), typeof module === "string" ? await assembleWat(module) : module);
  return folder;
}

/** A module that writes `text` to stdout, and then does what `after` says. */
export function writing(text: string | Uint8Array, after = "", more = ""): string {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const data = Array.from(bytes, (byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
  return `(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 64) "${data}")
    ${more}
    (func (export "_start")
      (i32.store (i32.const 0) (i32.const 64))
      (i32.store (i32.const 4) (i32.const ${bytes.length}))
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      ${after}))`;
}

export const OK = '{"contract_version":"v1","status":"ok","output":"fine"}';
