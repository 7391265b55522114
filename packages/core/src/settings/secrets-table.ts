/** Reads `[secrets]`: where each secret comes from. Nothing here may put a value into a message: it may be the secret itself. */
import { parseDurationMs } from "../limits.ts";
import { isPocketError } from "../errors.ts";
import { nearestName } from "../nearest.ts";
import { isSecretName } from "../secrets/secret-reference.ts";
import { DEFAULT_SECRET_TIMEOUT_MS, type SecretSource } from "../secrets/secret-source.ts";
import { quoteText } from "../tables/describe-value.ts";
import { readHosts } from "../tables/hosts-list.ts";
import type { TableReader } from "../tables/table-reader.ts";
import { isTomlTable } from "../toml.ts";
import { SECRET_KEYS } from "./settings-keys.ts";

export interface SecretsPlace {
  /** The file in which values may stand. */
  readonly secretsFile: string;
  /** How the place of a key is called. */
  readonly originOf: (path: readonly string[]) => string;
}

const SOURCE_KEYS = ["env", "file", "command"] as const;

/** By name, in the order of the file. */
export function readSecrets(settings: TableReader, place: SecretsPlace): ReadonlyMap<string, SecretSource> {
  const secrets = settings.optionalTable("secrets");
  return new Map(secrets?.keys.map((name) => [name, readSecret(secrets, name, place)]));
}

function readSecret(secrets: TableReader, name: string, place: SecretsPlace): SecretSource {
  const hint = `set the environment variable ${name} and write ${name} = { env = "${name}" }`;
  if (!isSecretName(name)) {
    throw secrets.fault(name, `${quoteText(name)} cannot be the name of a secret`, {
      hint: 'use letters, digits, "_", "-" and "."',
    });
  }
  const value = secrets.value(name);
  const origin = place.originOf(["secrets", name]);
  if (typeof value === "string" && origin === place.secretsFile) return { keptIn: origin, reveal: () => value };
  if (!isTomlTable(value)) {
    throw secrets.fault(name, `the secret ${quoteText(name)} is written in clear`, {
      hint: `${hint}; the value itself may stand in ${place.secretsFile} only, as text`,
    });
  }
  return readSource(secrets.table(name), hint);
}

function readSource(source: TableReader, hint: string): SecretSource {
  const unknown = source.keys.find((key) => !SECRET_KEYS.some((known) => known === key));
  if (unknown !== undefined) {
    const nearest = nearestName(unknown, SECRET_KEYS);
    throw source.fault(unknown, `unknown key ${quoteText(unknown)} of a secret`, { nearest, hint });
  }
  const [kind, other] = SOURCE_KEYS.filter((key) => source.keys.includes(key));
  if (other !== undefined) {
    throw source.fault(other, `"${kind}" and "${other}" both say where the secret comes from`, {
      hint: "keep one of them",
    });
  }
  const hosts = readHosts(source);
  const common = hosts === undefined ? {} : { hosts };
  if (kind !== "command" && source.keys.includes("timeout")) {
    throw source.fault("timeout", '"timeout" stands without "command"', { hint: "remove it" });
  }
  if (kind === "file") return { ...common, file: source.text("file") };
  if (kind === "command") return { ...common, command: readCommand(source), timeoutMs: readTimeout(source) };
  const env = source.value("env");
  if (typeof env === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/u.test(env)) return { ...common, env };
  throw source.fault("env", '"env" must be the name of an environment variable', { hint });
}

function readCommand(source: TableReader): readonly [string, ...string[]] {
  const [program, ...args] = source.texts("command");
  if (program !== undefined && program.trim() !== "" && ![program, ...args].some((word) => word.includes("\0"))) {
    return [program, ...args];
  }
  throw source.fault("command", '"command" names no program', {
    hint: 'write the program and each argument, for example ["op", "read", "op://vault/item/field"]',
  });
}

function readTimeout(source: TableReader): number {
  const text = source.optionalText("timeout");
  if (text === undefined) return DEFAULT_SECRET_TIMEOUT_MS;
  try {
    const timeoutMs = parseDurationMs(text);
    if (timeoutMs > 0) return timeoutMs;
  } catch (error) {
    if (!isPocketError(error)) throw error;
  }
  throw source.fault("timeout", '"timeout" must be a duration', { hint: 'write for example "30s"' });
}
