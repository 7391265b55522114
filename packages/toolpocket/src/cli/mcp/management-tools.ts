/** The tools by which an agent manages the project, under the names that Wassette gave them. */
import {
  isJsonObject,
  joinPermissions,
  type JsonObject,
  type JsonSchema,
  type Permissions,
  readSettings,
  showInvisible,
  toToolRequests,
} from "@toolpocket/core";
import type { Confirmation, ManagementTool, PocketHandle } from "@toolpocket/mcp";
import type { Session } from "../command.ts";
import { addTool } from "../commands/add.ts";
import { removeNamed } from "../commands/remove.ts";
import { changeGrants, readGrants } from "../project/change-grants.ts";
import { listKinds, withoutPermissions } from "../project/permissions.ts";
import { type GrantKind, GRANT_KINDS, toPolicy } from "./policy.ts";
import { listServed } from "./served-components.ts";

export interface ManagementOptions {
  readonly offline: boolean;
  /** Serves what settings and lock say by then. */
  readonly reload: () => Promise<void>;
  readonly handle: PocketHandle;
}

/**
 * Adding and removing needs no person's word: what is added can do nothing but compute, until a person grants it more.
 * Grants do need it; taking them away does not.
 */
export function createManagementTools(session: Session, options: ManagementOptions): readonly ManagementTool[] {
  return [
    ...createComponentTools(session, options),
    getPolicy(session, options),
    ...GRANT_KINDS.flatMap((kind) => [grant(kind, session, options), revoke(kind, session, options)]),
    resetPermission(session, options),
  ];
}

function createComponentTools(session: Session, { offline, reload, handle }: ManagementOptions): ManagementTool[] {
  const { cwd } = session;
  const readServed = async () => listServed(await handle.pocket.tools());
  return [
    {
      name: "load-component",
      description:
        "Adds a tool to this server: a git URL (with /tree/REF/PATH or without), the path of a folder or a .wasm file, its https:// URL, or an oci:// reference. It is pinned, runs in a sandbox, and is granted nothing.",
      inputSchema: toSchema({ path: text("The source of the tool."), name: text("How it is called here.") }, ["path"]),
      annotations: { destructiveHint: false, openWorldHint: true },
      async run(input) {
        const added = await addTool(
          {
            positionals: [readText(input, "path")],
            options: {
              name: optionalText(input, "name"),
              ref: undefined,
              path: undefined,
              description: undefined,
              "input-schema": undefined,
              entrypoint: undefined,
              var: [],
              allow: [],
              "allow-all": false,
              offline,
            },
          },
          session,
        );
        await reload();
        const { name, description, source, permissions } = added;
        const served = (await readServed()).find(({ id }) => id === name);
        return {
          status: "component loaded successfully",
          id: name,
          tools: [...(served?.tools ?? [])],
          description,
          source,
          asks_for: toPolicy(permissions.asked),
        };
      },
    },
    {
      name: "unload-component",
      description: "Takes a tool out of this server, out of settings.toml and pocket.lock.",
      inputSchema: toSchema({ id: text("The tool's name.") }, ["id"]),
      annotations: { destructiveHint: true, idempotentHint: false, openWorldHint: false },
      async run(input) {
        const { name } = await removeNamed(readText(input, "id"), session);
        await reload();
        return { status: "component unloaded successfully", id: name };
      },
    },
    {
      name: "list-components",
      description:
        "Lists what this server serves: the tools of each, where it comes from, what it asks for and what it is granted.",
      inputSchema: toSchema({}, []),
      annotations: READ_ONLY,
      async run() {
        const served = await readServed();
        const broken = (await readIds(cwd)).filter((name) => !served.some(({ id }) => id === name));
        const components = served.map(({ id, tools, description, source, asked, granted }) => ({
          id,
          tools_count: tools.length,
          tools: [...tools],
          description,
          source,
          asks_for: toPolicy(asked),
          granted: toPolicy(granted),
        }));
        return { components, total: components.length, unusable: broken };
      },
    },
  ];
}

function getPolicy({ cwd }: Session, { handle }: ManagementOptions): ManagementTool {
  return {
    name: "get-policy",
    description: "Shows what a tool is granted, and what it asks for.",
    inputSchema: toSchema({ component_id: COMPONENT_ID }, ["component_id"]),
    annotations: READ_ONLY,
    async run(input) {
      const id = readText(input, "component_id");
      const granted = await readGrants(cwd, id);
      const served = listServed(await handle.pocket.tools()).find((one) => one.id === id);
      return {
        component_id: id,
        status: listKinds(granted).length > 0 ? "policy found" : "no policy found",
        policy: { version: "1.0", permissions: toPolicy(granted) },
        asks_for: toPolicy(served?.asked ?? {}),
      };
    },
  };
}

function grant(kind: GrantKind, { cwd }: Session, { reload }: ManagementOptions): ManagementTool {
  return {
    name: `grant-${kind.name}-permission`,
    description: `Grants a tool ${kind.about}. A person is asked before anything is granted.`,
    inputSchema: toSchema({ component_id: COMPONENT_ID, details: kind.schema }, ["component_id", "details"]),
    annotations: { destructiveHint: false, idempotentHint: true, openWorldHint: false },
    async confirm(input): Promise<Confirmation> {
      const id = readText(input, "component_id");
      const granted = await readGrants(cwd, id);
      const added = kind.parse(readDetails(input));
      const [key, entries] = listKinds(joinPermissions(granted, added)).find(([one]) => one in added) ?? [
        "network",
        [],
      ];
      return {
        question: `Allow the tool "${id}" ${kind.about}: ${describe(added)}?`,
        command: `edit settings.toml, [tools.${id}]: allow.${key} = ${JSON.stringify(entries)}`,
      };
    },
    async run(input) {
      const id = readText(input, "component_id");
      const granted = await changeGrants(cwd, id, (before) => joinPermissions(before, kind.parse(readDetails(input))));
      await reload();
      return { status: "permission granted", component_id: id, policy: toPolicy(granted) };
    },
  };
}

function revoke(kind: GrantKind, { cwd }: Session, { reload }: ManagementOptions): ManagementTool {
  return {
    name: `revoke-${kind.name}-permission`,
    description: `Takes ${kind.about} away from a tool.`,
    inputSchema: toSchema({ component_id: COMPONENT_ID, details: kind.schema }, ["component_id", "details"]),
    annotations: { destructiveHint: true, idempotentHint: true, openWorldHint: false },
    async run(input) {
      const id = readText(input, "component_id");
      const revoked = kind.parse(readDetails(input));
      const granted = await changeGrants(cwd, id, (before) => withoutPermissions(before, revoked));
      await reload();
      return { status: "permission revoked", component_id: id, policy: toPolicy(granted) };
    },
  };
}

function resetPermission({ cwd }: Session, { reload }: ManagementOptions): ManagementTool {
  return {
    name: "reset-permission",
    description: "Takes all that a tool is granted away.",
    inputSchema: toSchema({ component_id: COMPONENT_ID }, ["component_id"]),
    annotations: { destructiveHint: true, idempotentHint: true, openWorldHint: false },
    async run(input) {
      const id = readText(input, "component_id");
      await changeGrants(cwd, id, () => ({}));
      await reload();
      return { status: "permissions reset", component_id: id };
    },
  };
}

/** The tables of settings.toml. */
async function readIds(cwd: string): Promise<readonly string[]> {
  return toToolRequests(await readSettings({ cwd })).flatMap(({ options: { name } }) => name ?? []);
}

const READ_ONLY = { readOnlyHint: true, openWorldHint: false };
const COMPONENT_ID = text("The tool's name.");

function text(description: string): JsonSchema {
  return { type: "string", minLength: 1, description };
}

function toSchema(properties: Record<string, JsonSchema>, required: string[]): JsonSchema {
  return { type: "object", properties, required, additionalProperties: false };
}

/** The input was checked against the schema. */
function readText(input: JsonObject, key: string): string {
  return optionalText(input, key) ?? "";
}

function optionalText(input: JsonObject, key: string): string | undefined {
  const value = input[key];
  return typeof value === "string" ? value : undefined;
}

function readDetails({ details }: JsonObject): JsonObject {
  return isJsonObject(details) ? details : {};
}

function describe(permissions: Permissions): string {
  return listKinds(permissions)
    .flatMap(([, entries]) => entries)
    .map((entry) => showInvisible(JSON.stringify(entry)))
    .join(", ");
}
