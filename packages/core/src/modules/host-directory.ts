/** What settings say of hosts, made ready for fetches: credentials out of secrets, authorities out of files. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { canonicalJson } from "../canonical-json.ts";
import { PocketError } from "../errors.ts";
import { readSecretSource, SecretSourceError } from "../secrets/read-secret-source.ts";
import { describeSecretSource } from "../secrets/secret-source.ts";
import type { RegistrySettings, Settings } from "../settings/settings.ts";
import { readDockerCredentials } from "./docker-credentials.ts";
import { type HostAccess, type HostCredentials, type HostDirectory, NO_HOSTS } from "./host-access.ts";

/** Values of secrets and files of authorities are read when a fetch needs them. `ca` counts from `cwd`. */
export function createHostDirectory(settings: Settings, cwd: string): HostDirectory {
  const { registries } = settings;
  if (registries.size === 0) return { ...NO_HOSTS, find: (host) => findUnnamed(host) };
  const described = [...registries].map(([host, { credentials, ca = null, insecure = null }]) => ({
    host,
    username: credentials?.username ?? null,
    password: credentials?.password ?? null,
    ca,
    insecure,
  }));
  return {
    scope: canonicalJson({ cwd, described }),
    find(host) {
      const registry = registries.get(host.toLowerCase());
      return registry === undefined ? findUnnamed(host) : toAccess(host, registry, { settings, cwd });
    },
  };
}

/** Somebody may have logged in to a host that the settings do not name. */
function findUnnamed(host: string): HostAccess {
  return { ...NO_HOSTS.find(host), readCredentials: async () => readDockerCredentials(host) };
}

interface Place {
  readonly settings: Settings;
  readonly cwd: string;
}

function toAccess(host: string, { credentials, ca, insecure }: RegistrySettings, { settings, cwd }: Place): HostAccess {
  const isInsecure = insecure ?? (ca === undefined && NO_HOSTS.find(host).isInsecure);
  return {
    isKnown: true,
    isInsecure,
    ...(ca !== undefined && { ca: readAuthority(resolve(cwd, ca), settings.file, host) }),
    readCredentials: async () =>
      credentials === undefined ? readDockerCredentials(host) : readSecretCredentials(credentials, { settings, cwd }),
  };
}

function readAuthority(path: string, file: string, host: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new PocketError(
      "ERR_POCKET_SETTINGS_INVALID",
      `${file}: [registries."${host}"] "ca" cannot be read: ${path}`,
      {
        hint: "name a readable file with the authority's certificate in PEM",
        details: { file, key: `registries."${host}".ca`, path },
        cause,
      },
    );
  }
}

async function readSecretCredentials(
  { username, password: name }: NonNullable<RegistrySettings["credentials"]>,
  { settings, cwd }: Place,
): Promise<HostCredentials> {
  const { secrets, file } = settings;
  const fault = (problem: string, hint: string): PocketError =>
    new PocketError("ERR_POCKET_SETTINGS_INVALID", `${file}: the secret "${name}" of a registry ${problem}`, {
      hint,
      details: { file, key: `secrets.${name}` },
    });
  const source = secrets.get(name);
  if (source === undefined) throw fault("is not in [secrets]", `add [secrets] ${name} = { env = "${name}" }`);
  try {
    const signal = new AbortController().signal;
    return { username, password: await readSecretSource(source, { cwd, environment: process.env, signal }) };
  } catch (error) {
    if (!(error instanceof SecretSourceError)) throw error;
    throw fault(`cannot be read: ${error.message}`, `see to ${describeSecretSource(source)}`);
  }
}
