/** What a tool says of itself, read from its config.toml, pocket.json or tool.yaml and checked. */
import type { JsonSchema } from "../json.ts";
import type { Limits } from "../limits.ts";
import type { Permissions } from "../permissions.ts";
import type { NodeEntry, PythonEntry, Wheel } from "../program.ts";
import type { Retry } from "../retry/retry.ts";
import type { WasmEntry } from "./wasm-entry.ts";

export const MANIFEST_FILES = ["config.toml", "pocket.json", "tool.yaml"] as const;
export type ManifestFile = (typeof MANIFEST_FILES)[number];

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
  readonly file: ManifestFile;
  readonly name: string;
  readonly description: string;
  /** Arguments after the entry file. */
  readonly args: readonly string[];
  readonly inputSchema: JsonSchema;
  /** Text of README.md. */
  readonly readme?: string;
  /** The variables that the tool declares, with their defaults. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the tool asks for. */
  readonly permissions: Permissions;
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
    }
  | { readonly runtime: "node"; readonly entry: NodeEntry; readonly wheels: readonly [] }
  | { readonly runtime: "wasm"; readonly entry: WasmEntry; readonly wheels: readonly [] };

export type Manifest = ManifestBase & ManifestCode;
