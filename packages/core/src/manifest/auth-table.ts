/** Reads `[auth]`: which service's token a tool needs. The format and the variables' names are Hyperpocket's. */
import type { TableReader } from "../tables/table-reader.ts";
import type { ManifestAuth } from "./manifest.ts";

/** Where the environment variable is not `<PROVIDER>_TOKEN`. */
const ENVIRONMENT_NAMES: ReadonlyMap<string, string> = new Map([
  ["slack", "SLACK_BOT_TOKEN"],
  ["reddit", "REDDIT_BOT_TOKEN"],
  ["x", "X_AUTH_TOKEN"],
  ["apitoken", "API_TOKEN"],
  ["api_token", "API_TOKEN"],
]);

/** The auth under `key`; undefined where it is absent. */
export function readAuth(table: TableReader, key: string): ManifestAuth | undefined {
  const auth = table.optionalTable(key);
  if (auth === undefined) return undefined;
  auth.only(["auth_provider", "auth_handler", "scopes"]);
  const provider = auth.text("auth_provider").trim().toLowerCase();
  if (!/^[a-z0-9][a-z0-9_-]*$/u.test(provider)) {
    throw auth.fault("auth_provider", '"auth_provider" must be the name of a service', {
      found: provider,
      hint: 'write letters, digits, "-" and "_", for example "slack"',
    });
  }
  const handler = auth.optionalText("auth_handler");
  return {
    provider,
    ...(handler !== undefined && { handler }),
    scopes: auth.texts("scopes"),
    environmentName: ENVIRONMENT_NAMES.get(provider) ?? `${provider.toUpperCase().replaceAll("-", "_")}_TOKEN`,
  };
}
