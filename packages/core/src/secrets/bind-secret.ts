/** Binds a variable of a tool to a secret: where its value comes from, and where it may go. */
import { PocketError } from "../errors.ts";
import { nearestHint } from "../nearest.ts";
import { formatNetworkRule } from "../network/format-network-rule.ts";
import type { NetworkRule } from "../network/network-rule.ts";
import { parseNetworkRule } from "../network/parse-network-rule.ts";
import type { SecretReference } from "./secret-reference.ts";
import type { SecretSource } from "./secret-source.ts";

export interface SecretBinding {
  /** The tool's variable. */
  readonly variable: string;
  /** The secret's name. */
  readonly name: string;
  readonly source: SecretSource;
  /** Without a scheme they mean https only, except for a private host: the value crosses no open network in clear. */
  readonly hosts: readonly NetworkRule[];
  /** Whether the tool gets the value in clear. */
  readonly isExposed: boolean;
}

export interface BindSecretOptions {
  readonly tool: string;
  readonly variable: string;
  /** `[secrets]` */
  readonly sources: ReadonlyMap<string, SecretSource>;
  /** What the tool may reach. */
  readonly granted: readonly NetworkRule[];
}

/** @throws PocketError ERR_POCKET_SECRET_UNBOUND when the secret has no source, or no place is known to send it to. */
export function bindSecret(reference: SecretReference, options: BindSecretOptions): SecretBinding {
  const { name } = reference;
  const isExposed = reference.expose === true;
  const source = findSource(name, options);
  const entries = reference.hosts ?? source.hosts;
  const rules = entries === undefined ? findOnlyHost(options.granted) : entries.map(parseNetworkRule);
  if (rules === undefined && !isExposed) throw hostlessError(name, options);
  return { variable: options.variable, name, source, hosts: (rules ?? []).map(toSafeRule), isExposed };
}

function findSource(name: string, { tool, variable, sources }: BindSecretOptions): SecretSource {
  const source = sources.get(name);
  if (source !== undefined) return source;
  if (/^[A-Za-z_][A-Za-z0-9_]*$/u.test(name)) return { env: name };
  const known = [...sources.keys()];
  throw new PocketError(
    "ERR_POCKET_SECRET_UNBOUND",
    `the variable "${variable}" of the tool "${tool}" is the secret "${name}", which [secrets] has not${nearestHint(name, known)}`,
    { hint: `add ${name} = { env = "…" } under [secrets] in settings.toml`, details: { tool, variable, secret: name } },
  );
}

/** The rules of the one host that a tool may reach; undefined where it may reach several, or a pattern of them. */
function findOnlyHost(granted: readonly NetworkRule[]): readonly NetworkRule[] | undefined {
  const [host, other] = new Set(granted.map((rule) => rule.host));
  return host === undefined || other !== undefined || host.startsWith("*") ? undefined : granted;
}

function toSafeRule(rule: NetworkRule): NetworkRule {
  if (rule.scheme !== undefined || rule.isPrivate) return rule;
  const safe = { ...rule, scheme: "https" } as const;
  return { ...safe, text: formatNetworkRule(safe) };
}

function hostlessError(name: string, { tool, variable, granted }: BindSecretOptions): PocketError {
  const reach =
    granted.length === 0
      ? "the tool may reach none"
      : `the tool may reach ${granted.map(({ text }) => text).join(", ")}`;
  return new PocketError(
    "ERR_POCKET_SECRET_UNBOUND",
    `it is not said to which hosts the secret "${name}" may go, which is the variable "${variable}" of the tool "${tool}": ${reach}`,
    {
      hint: `write under [tools.${tool}] in settings.toml: tool_vars = { ${variable} = { secret = "${name}", hosts = ["api.example.com"] } }, or grant the one host that it is for: allow = { network = ["api.example.com"] }`,
      details: { tool, variable, secret: name },
    },
  );
}
