/** A declaration: what config.toml, pocket.json or tool.yaml holds, before it is compared with the tool's other files. */
import type { PocketError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { ContractContext } from "../program.ts";
import type { Permissions } from "../permissions.ts";
import type { Retry } from "../retry/retry.ts";
import type { KeyFault } from "../tables/table-reader.ts";
import type { EntryName } from "./entry-name.ts";
import type { ComponentDeclaration } from "./component-table.ts";
import type { ComponentFile, ManifestAuth, ManifestFile } from "./manifest.ts";
import type { RuntimeName } from "./runtime-name.ts";
import type { WasmDeclaration } from "./wasm-table.ts";

export interface Declaration {
  readonly file: ManifestFile | ComponentFile;
  readonly name: string;
  readonly description: string;
  readonly runtime: RuntimeName;
  /** Absent where the runtime's default entry is meant. */
  readonly entry?: EntryName;
  readonly args: readonly string[];
  /** The schema that stands in the file itself, and its key; else schema.json is read. */
  readonly schema?: { readonly key: string; readonly value: unknown };
  /** Python packages that it asks for (PEP 508); python only. */
  readonly packages: readonly string[];
  readonly wasm?: WasmDeclaration;
  readonly component?: ComponentDeclaration;
  /** What contract v1's request says of the tool; wasm only. */
  readonly contract?: ContractContext;
  /** What would have to be run to make the entry file; it never is. */
  readonly build?: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly permissions: Permissions;
  readonly limits: Limits;
  readonly auth?: ManifestAuth;
  readonly retry?: Retry;
  readonly warnings: readonly string[];
  /** The error for the key that names the entry. */
  readonly entryFault: (message: string, fault: KeyFault) => PocketError;
}
