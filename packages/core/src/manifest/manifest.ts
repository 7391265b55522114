/** What a tool says of itself, read from its config.toml, pocket.json or tool.yaml and checked. */
import type { JsonSchema } from "../json.ts";
import type { Limits } from "../limits.ts";
import type { Permissions } from "../permissions.ts";
import type { NodeEntry, PythonEntry, Wheel } from "../program.ts";
import type { Retry } from "../retry/retry.ts";
import type { ComponentEntry } from "./component-entry.ts";
import type { WasmEntry } from "./wasm-entry.ts";

export const MANIFEST_FILES = ["config.toml", "pocket.json", "tool.yaml"] as const;
export type ManifestFile = (typeof MANIFEST_FILES)[number];
export type ComponentFile = `${string}.wasm`;

/** The service that a tool needs a token of, and how the tool finds it. */
export interface ManifestAuth {
  /** In lower case, for example "slack". */
  readonly provider: string;
  /** Hyperpocket's name of the way to get the token, for example "slack-oauth2". */
  readonly handler?: string;
  readonly scopes: readonly string[];
  /** The environment variable in which the tool expects the token, for example "SLACK_BOT_TOKEN". */
  readonly environmentName: string;
}

interface ManifestBase {
  /** The file that it was read from; of a component that stands alone, the component itself. */
  readonly file: ManifestFile | ComponentFile;
  readonly name: string;
  readonly description: string;
  /** Arguments after the entry file. */
  readonly args: readonly string[];
  /** Of a component: under `tools`, the description and schema of each of its tools. */
  readonly inputSchema: JsonSchema;
  /** Whether the tool itself says what its input is; else `inputSchema` stands for an object with any keys. */
  readonly declaresSchema: boolean;
  /** Text of README.md. */
  readonly readme?: string;
  /** The variables that the tool declares, with their defaults. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the tool asks for. */
  readonly permissions: Permissions;
  /** What the tool does not want, whatever it is granted. */
  readonly denied?: Permissions;
  readonly limits: Limits;
  readonly auth?: ManifestAuth;
  readonly retry?: Retry;
  /** What is odd but does not break the tool, for its author. */
  readonly warnings: readonly string[];
}

/** What is run, and by what. */
export type ManifestCode =
  | {
      readonly runtime: "python";
      readonly entry: PythonEntry;
      /** The wheels that the tool brings and that are installed, sorted by path. */
      readonly wheels: readonly Wheel[];
      /** Python packages that it asks for (PEP 508). */
      readonly packages: readonly string[];
    }
  | { readonly runtime: "node"; readonly entry: NodeEntry; readonly wheels: readonly [] }
  | { readonly runtime: "wasm"; readonly entry: WasmEntry; readonly wheels: readonly [] }
  /** Several tools: the schema of the manifest itself is that of no call. */
  | { readonly runtime: "component"; readonly entry: ComponentEntry; readonly wheels: readonly [] };

export type Manifest = ManifestBase & ManifestCode;
