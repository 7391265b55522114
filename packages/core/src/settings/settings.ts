/** The settings of an agent: what settings.toml, .secrets.toml and the environment say together. */
import type { Limits } from "../limits.ts";
import type { Permissions } from "../permissions.ts";
import type { Retry } from "../retry/retry.ts";
import type { VariableValue } from "../secrets/secret-reference.ts";
import type { SecretSource } from "../secrets/secret-source.ts";
import type { ModuleDescription } from "../tool-request.ts";

/** What `[tools.NAME]` names as the tool. */
export type ToolTarget =
  | { readonly kind: "git"; readonly url: string; readonly ref?: string; readonly path?: string }
  | { readonly kind: "local"; readonly path: string; readonly module: ModuleDescription }
  | { readonly kind: "url" | "oci"; readonly url: string; readonly module: ModuleDescription };

/** One `[tools.NAME]`. */
export interface ToolSettings {
  /** NAME: what the agent calls the tool. */
  readonly name: string;
  /** Absent where the table only adds variables to a tool that a program names itself. */
  readonly target?: ToolTarget;
  readonly toolVars: Readonly<Record<string, VariableValue>>;
  readonly allow: Permissions;
  /** Wins over `allow`. */
  readonly deny: Permissions;
  readonly limits: Limits;
  readonly retry?: Retry;
}

/** One `[registries."host"]`. */
export interface RegistrySettings {
  /** The password is the name of a secret. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Path of the PEM of an authority that is trusted beside the usual ones, relative to the settings' folder. */
  readonly ca?: string;
  /** Whether plain http is spoken. Absent: to this machine only. */
  readonly insecure?: boolean;
}

/** `[python]`: where the packages of Python tools come from. */
export interface PythonSettings {
  /** Address of an index's simple pages; false for none. */
  readonly index?: string | false;
  /** Address of the files of Pyodide's own distribution; false for none. */
  readonly distribution?: string | false;
  /** Folders of wheels, relative to the settings' folder. */
  readonly wheels: readonly string[];
}

export interface Settings {
  /** The settings file as it is called in messages, also where it does not exist. */
  readonly file: string;
  /** By name, in the order of the file. */
  readonly tools: ReadonlyMap<string, ToolSettings>;
  /** `[tool_vars]`: for every tool that declares the variable. */
  readonly toolVars: Readonly<Record<string, string>>;
  /** `[secrets]`, by name; no value stands in it. */
  readonly secrets: ReadonlyMap<string, SecretSource>;
  /** By host. */
  readonly registries: ReadonlyMap<string, RegistrySettings>;
  readonly python: PythonSettings;
  readonly browser: {
    /** The browser's executable. */
    readonly path?: string;
  };
}
