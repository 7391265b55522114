/** A reference to a secret: what the user writes as the value of a variable, in the place of the value itself. */
import { parseNetworkRule } from "../network/parse-network-rule.ts";

/** A secret by its name. It holds no value, and may be written to logs. */
export interface SecretReference {
  readonly kind: "secret";
  /** The name in `[secrets]` of settings.toml; where that has none of the name, an environment variable of the host. */
  readonly name: string;
  /** Network entries of the places that get the value; by default those of `[secrets]`, else the tool's only granted host. */
  readonly hosts?: readonly string[];
  /** Whether the tool gets the value itself, rather than a placeholder. @defaultValue false */
  readonly expose?: boolean;
}

export interface SecretOptions {
  hosts?: readonly string[];
  expose?: boolean;
}

/** What a variable of a tool may be set to. */
export type VariableValue = string | SecretReference;

/**
 * The secret `name` as the value of a tool's variable: `toolVars: { API_KEY: secret("WEATHER_KEY") }`. The tool gets a
 * placeholder, and the value is put into its requests to `hosts`; with `expose` the tool gets the value in clear.
 * @throws TypeError when `name` is none; PocketError ERR_POCKET_SETTINGS_INVALID when one of `hosts` is no network entry.
 */
export function secret(name: string, { hosts, expose }: SecretOptions = {}): SecretReference {
  if (!isSecretName(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a secret`);
  for (const host of hosts ?? []) parseNetworkRule(host);
  return { kind: "secret", name, ...(hosts !== undefined && { hosts }), ...(expose !== undefined && { expose }) };
}

/** Up to 100 letters, digits, "_", "-" and ".". */
export function isSecretName(name: unknown): name is string {
  return typeof name === "string" && /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/u.test(name);
}

export function isSecretReference(value: unknown): value is SecretReference {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "secret";
}
