/** Reads `[registries."host"]`: how a registry or web server is reached from which modules come. */
import type { TableReader } from "../tables/table-reader.ts";
import { REGISTRY_KEYS } from "./settings-keys.ts";
import type { RegistrySettings } from "./settings.ts";

/** By host, with its port where that is not the scheme's own. */
export function readRegistries(settings: TableReader): ReadonlyMap<string, RegistrySettings> {
  const registries = settings.optionalTable("registries");
  return new Map(registries?.keys.map((host) => [host.toLowerCase(), readRegistry(registries, host)]));
}

function readRegistry(registries: TableReader, host: string): RegistrySettings {
  if (!/^(?:[A-Za-z0-9_][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/u.test(host)) {
    throw registries.fault(host, `${JSON.stringify(host)} is no host`, {
      found: host,
      hint: 'write the host alone, with its port where it has one: [registries."registry.example:5000"]',
    });
  }
  const table = registries.table(host);
  table.only(REGISTRY_KEYS);
  const username = table.optionalText("username");
  const password = readPassword(table);
  const ca = table.optionalText("ca");
  const insecure = table.value("insecure");
  if (insecure !== undefined && typeof insecure !== "boolean") {
    throw table.fault("insecure", '"insecure" must be true or false', { hint: "write it without quotes" });
  }
  if ((username === undefined) !== (password === undefined)) {
    const [given, missing] = username === undefined ? ["password", "username"] : ["username", "password"];
    throw table.fault(missing, `"${given}" stands without "${missing}"`, { hint: `add "${missing}"` });
  }
  return {
    ...(username !== undefined && password !== undefined && { credentials: { username, password } }),
    ...(ca !== undefined && { ca }),
    ...(insecure !== undefined && { insecure }),
  };
}

/** Nothing here may put a value into a message: it may be the password itself. */
function readPassword(table: TableReader): string | undefined {
  if (table.value("password") === undefined) return undefined;
  const hint = 'write password = { secret = "NAME" }, and where NAME comes from in [secrets]';
  const value = table.value("password");
  if (typeof value !== "object" || value === null) {
    throw table.fault("password", "the password is written in clear", { hint });
  }
  const source = table.table("password");
  const name = source.value("secret");
  if (typeof name !== "string" || name === "" || source.keys.length !== 1) {
    throw table.fault("password", '"password" must name a secret, and nothing else', { hint });
  }
  return name;
}
