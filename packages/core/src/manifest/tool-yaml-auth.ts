/** Reads `spec.auth` of tool.yaml: which credential a tool wants, and in which header it finds it. */
import { nearestHint, nearestName } from "../nearest.ts";
import { AUTH_PROFILES, type AuthProfile, type ContractAuth } from "../program.ts";
import { quoteText } from "../tables/describe-value.ts";
import type { TableReader } from "../tables/table-reader.ts";
import type { ManifestAuth } from "./manifest.ts";

export interface ToolYamlAuth {
  readonly manifest?: ManifestAuth;
  readonly contract?: ContractAuth;
  readonly warnings: readonly string[];
}

const DEFAULT_HEADERS: Readonly<Record<AuthProfile, string>> = {
  bearer: "Authorization",
  basic: "Authorization",
  oauth2_client_credentials: "Authorization",
  api_key_header: "X-API-Key",
};

/** Characters of a header's name (RFC 9110). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;

/** The auth under `key`. The secret `weather-key` is expected as the environment variable `WEATHER_KEY`. */
export function readToolYamlAuth(table: TableReader, key: string): ToolYamlAuth {
  const auth = table.optionalTable(key);
  if (auth === undefined) return { warnings: [] };
  auth.only(["profile", "secretRef", "headerName", "tokenURL", "scopes"]);
  const profile = readProfile(auth);
  const secret = readSecretName(auth);
  const headerName = readHeaderName(auth) ?? DEFAULT_HEADERS[profile];
  const environmentName = secret.toUpperCase().replaceAll(/[^A-Z0-9]/gu, "_");
  const scopes = auth.texts("scopes");
  auth.optionalText("tokenURL");
  return {
    manifest: { provider: secret.toLowerCase(), handler: profile, scopes, environmentName },
    contract: { profile, headerName, environmentName },
    warnings:
      profile === "oauth2_client_credentials"
        ? [`tool.yaml: no token is fetched from spec.auth.tokenURL: ${environmentName} must hold an access token`]
        : [],
  };
}

function readProfile(auth: TableReader): AuthProfile {
  const text = auth.optionalText("profile") ?? "bearer";
  const profile = AUTH_PROFILES.find((known) => known === text);
  if (profile !== undefined) return profile;
  throw auth.fault("profile", `"profile" is ${quoteText(text)}${nearestHint(text, AUTH_PROFILES)}`, {
    found: text,
    nearest: nearestName(text, AUTH_PROFILES),
    hint: `use one of ${AUTH_PROFILES.join(", ")}`,
  });
}

function readSecretName(auth: TableReader): string {
  const name = auth.text("secretRef");
  if (/^[A-Za-z_][A-Za-z0-9_.-]*$/u.test(name)) return name;
  throw auth.fault("secretRef", `"secretRef" is ${quoteText(name)}, which is no name of a secret`, {
    found: name,
    hint: 'write letters, digits, "-", "_" and ".", for example weather-key',
  });
}

function readHeaderName(auth: TableReader): string | undefined {
  const name = auth.optionalText("headerName");
  if (name === undefined || HEADER_NAME.test(name)) return name;
  throw auth.fault("headerName", `"headerName" is ${quoteText(name)}, which is no name of a header`, {
    found: name,
    hint: "write for example X-API-Key",
  });
}
