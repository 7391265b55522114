/** Permissions in Wassette's words: hosts, folders as `fs://` addresses, names of environment variables. */
import type { JsonObject, JsonSchema, Permissions } from "@toolpocket/core";

/** One kind of permission, as Wassette's tools name and describe it. */
export interface GrantKind {
  readonly name: "network" | "storage" | "environment-variable";
  readonly about: string;
  /** Of the `details` that say which. */
  readonly schema: JsonSchema;
  /** Checked `details` as permissions of ours. */
  readonly parse: (details: JsonObject) => Permissions;
}

export const GRANT_KINDS: readonly GrantKind[] = [
  {
    name: "network",
    about: "requests to a host",
    schema: detail({ host: { type: "string", minLength: 1, description: 'For example "api.example.com:443".' } }),
    parse: ({ host }) => ({ network: [String(host)] }),
  },
  {
    name: "storage",
    about: "a folder of this machine",
    schema: detail({
      uri: {
        type: "string",
        pattern: "^fs://.",
        description: 'For example "fs://data" (in the project), "fs:///srv/data".',
      },
      access: { type: "array", items: { enum: ["read", "write"] }, minItems: 1 },
    }),
    parse: ({ uri, access }) => ({
      storage: [`${Array.isArray(access) && access.includes("write") ? "write" : "read"}:${toPath(String(uri))}`],
    }),
  },
  {
    name: "environment-variable",
    about: "an environment variable of this machine",
    schema: detail({ key: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_]*$", description: "Its name." } }),
    parse: ({ key }) => ({ env: [String(key)] }),
  },
];

/** As the `permissions` of a Wassette policy; what is not granted is absent. */
export function toPolicy({ network = [], storage = [], env = [] }: Permissions): JsonObject {
  return {
    ...(network.length > 0 && { network: { allow: network.map((host) => ({ host })) } }),
    ...(storage.length > 0 && { storage: { allow: storage.map(toStorage) } }),
    ...(env.length > 0 && { environment: { allow: env.map((key) => ({ key })) } }),
  };
}

function toStorage(entry: string): JsonObject {
  const [, access = "read", path = ""] = /^(read|write):(.*)$/su.exec(entry) ?? [];
  return { uri: `fs://${path.replace(/^\.\//u, "")}`, access: access === "write" ? ["read", "write"] : ["read"] };
}

/** A grant is for a folder and all below it: the pattern at the end says no more. */
function toPath(uri: string): string {
  const path = uri.replace(/^fs:\/\//u, "").replace(/\/\*{1,2}$/u, "");
  return path.startsWith("/") ? path : `./${path}`;
}

function detail(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}
