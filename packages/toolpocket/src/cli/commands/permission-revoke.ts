/** `pocket permission revoke`: takes a permission out of what a tool is granted in settings.toml. */
import { coversPermission, nearestHint, type PermissionKind } from "@toolpocket/core";
import { defineCommand } from "../command.ts";
import { changeGrants } from "../project/change-grants.ts";
import { readPermissionState } from "../project/permission-state.ts";
import { listKinds, parsePermission, withoutPermissions } from "../project/permissions.ts";
import { usageError } from "../usage-error.ts";
import { renderPermissionState } from "./permission-show.ts";

export const permissionRevokeCommand = defineCommand({
  positionals: [{ name: "TOOL" }, { name: "KIND" }, { name: "ENTRY" }],
  options: { offline: { kind: "flag", about: "use the store only" } },
  notes: ["ENTRY is what `pocket permission show` lists, as it is written there."],
  examples: ["pocket permission revoke weather network api.weather.example"],
  run: async ({ positionals: [name = "", kind = "", entry = ""], options }, session) => {
    const key: PermissionKind = listKinds(parsePermission(kind, entry))[0]?.[0] ?? "network";
    await changeGrants(session.cwd, name, (granted) => {
      const entries = granted[key] ?? [];
      if (entries.includes(entry)) return withoutPermissions(granted, { [key]: [entry] });
      const wider = entries.find((given) => coversPermission(key, given, entry));
      const aside = wider === undefined ? nearestHint(entry, entries) : `; it is part of ${JSON.stringify(wider)}`;
      throw usageError(
        `the tool "${name}" is not granted ${key} ${JSON.stringify(entry)} as such${aside}`,
        wider === undefined
          ? `name one of \`pocket permission show ${name}\``
          : `revoke ${JSON.stringify(wider)}, or add ${JSON.stringify(entry)} to \`deny\` in settings.toml`,
        { tool: name, granted: entries },
      );
    });
    return readPermissionState(name, session, options);
  },
  render: renderPermissionState,
});
