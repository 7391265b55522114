/** `pocket permission grant`: adds a permission to what a tool is granted in settings.toml. */
import { coversPermission, joinPermissions } from "@toolpocket/core";
import { defineCommand } from "../command.ts";
import { changeGrants } from "../project/change-grants.ts";
import { readPermissionState } from "../project/permission-state.ts";
import { listKinds, parsePermission } from "../project/permissions.ts";
import { renderPermissionState } from "./permission-show.ts";

export const permissionGrantCommand = defineCommand({
  positionals: [{ name: "TOOL" }, { name: "KIND" }, { name: "ENTRY" }],
  options: { offline: { kind: "flag", about: "use the store only" } },
  notes: [
    "KIND is network, env or storage. A network ENTRY is [METHOD[,METHOD…] ][scheme://]host[:port][/path][ private], a storage ENTRY read:PATH, write:PATH or private:NAME, each of the first two also with ` at NAME`.",
  ],
  examples: [
    "pocket permission grant weather network api.weather.example",
    "pocket permission grant weather network 'GET https://*.weather.example/v1'",
    "pocket permission grant notes storage write:./notes",
  ],
  run: async ({ positionals: [name = "", kind = "", entry = ""], options }, session) => {
    const added = parsePermission(kind, entry);
    await changeGrants(session.cwd, name, (granted) => {
      const isCovered = listKinds(added).every(([key, entries]) =>
        entries.every((wanted) => (granted[key] ?? []).some((given) => coversPermission(key, given, wanted))),
      );
      return isCovered ? granted : joinPermissions(granted, added);
    });
    return readPermissionState(name, session, options);
  },
  render: renderPermissionState,
});
