/** The keys that settings may have: one list for those who read them and for the environment that spells them anew. */
import { PERMISSION_KINDS } from "../permissions.ts";

/** Top-level keys that mean something here. */
export const SETTINGS_KEYS = ["tools", "tool_vars", "secrets", "registries", "browser", "python"] as const;

/** Top-level keys of Hyperpocket, which are tolerated and have no effect. */
export const HYPERPOCKET_KEYS = [
  "public_hostname",
  "public_server_port",
  "public_server_protocol",
  "internal_server_port",
  "enable_local_callback_proxy",
  "callback_url_rewrite_prefix",
  "log_level",
  "session",
  "auth",
] as const;

/** Keys of `[tools.NAME]` of which one says where the tool is. */
export const TARGET_KEYS = ["git", "local", "url", "oci"] as const;
/** Keys of `[tools.NAME]` that describe a lone module, behind `local`, `url` or `oci`. */
export const MODULE_KEYS = ["description", "input_schema", "entrypoint", "enable_wasi"] as const;
export const TOOL_KEYS = [
  ...TARGET_KEYS,
  "ref",
  "path",
  ...MODULE_KEYS,
  "tool_vars",
  "allow",
  "deny",
  "limits",
  "retry",
] as const;
export const SECRET_KEYS = ["env", "file", "command", "hosts", "timeout"] as const;
export const REGISTRY_KEYS = ["username", "password", "insecure", "ca"] as const;
export const BROWSER_KEYS = ["path"] as const;
export const PYTHON_KEYS = ["index", "distribution", "wheels"] as const;
const RETRY_KEYS = ["max_attempts", "backoff", "max_backoff", "jitter"] as const;
const LIMIT_KEYS = ["timeout", "max_memory_bytes", "max_input_bytes", "max_output_bytes", "fuel"] as const;

const TEXT_KEYS: ReadonlySet<string> = new Set(["timeout", "backoff", "max_backoff", "jitter"]);

/** What stands at a path of keys: a table of certain keys, one of names that the user chooses, or a value. */
export type SettingsPlace =
  | { readonly kind: "keys"; readonly keys: readonly string[] }
  | { readonly kind: "names" }
  | { readonly kind: "variables" }
  | { readonly kind: "text" }
  | { readonly kind: "value" };

/** The place at `path`; a "value" wherever nothing is known of it. */
export function settingsPlace(path: readonly string[]): SettingsPlace {
  const [first, , third, fourth] = path;
  if (path.length === 0) return { kind: "keys", keys: SETTINGS_KEYS };
  if (first === "tool_vars" && path.length === 1) return { kind: "variables" };
  if (first === "tools") return toolPlace(path.length, third, fourth);
  if (first === "secrets" && path.length <= 2)
    return path.length === 1 ? { kind: "names" } : { kind: "keys", keys: SECRET_KEYS };
  if (first === "registries") return registryPlace(path.length, path[2]);
  if (first === "browser" && path.length === 1) return { kind: "keys", keys: BROWSER_KEYS };
  if (first === "python" && path.length === 1) return { kind: "keys", keys: PYTHON_KEYS };
  if (first === "secrets") return { kind: third === "env" || third === "file" ? "text" : "value" };
  return { kind: first === "browser" ? "text" : "value" };
}

function registryPlace(depth: number, key: string | undefined): SettingsPlace {
  if (depth === 1) return { kind: "names" };
  if (depth === 2) return { kind: "keys", keys: REGISTRY_KEYS };
  return { kind: key === "insecure" ? "value" : "text" };
}

function toolPlace(depth: number, key: string | undefined, inner: string | undefined): SettingsPlace {
  if (depth === 1) return { kind: "names" };
  if (depth === 2) return { kind: "keys", keys: TOOL_KEYS };
  if (depth === 3 && key === "tool_vars") return { kind: "variables" };
  if (depth === 3 && (key === "allow" || key === "deny")) return { kind: "keys", keys: PERMISSION_KINDS };
  if (depth === 3 && key === "limits") return { kind: "keys", keys: LIMIT_KEYS };
  if (depth === 3 && key === "retry") return { kind: "keys", keys: RETRY_KEYS };
  const isText =
    (depth === 3 && key !== "enable_wasi" && key !== "input_schema") || (inner !== undefined && TEXT_KEYS.has(inner));
  return { kind: isText ? "text" : "value" };
}
