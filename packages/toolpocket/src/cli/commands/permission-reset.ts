/** `pocket permission reset`: takes away all that a tool is granted in settings.toml; what is denied stays denied. */
import { defineCommand } from "../command.ts";
import { changeGrants } from "../project/change-grants.ts";
import { readPermissionState } from "../project/permission-state.ts";
import { renderPermissionState } from "./permission-show.ts";

export const permissionResetCommand = defineCommand({
  positionals: [{ name: "TOOL" }],
  options: { offline: { kind: "flag", about: "use the store only" } },
  examples: ["pocket permission reset weather"],
  run: async ({ positionals: [name = ""], options }, session) => {
    await changeGrants(session.cwd, name, () => ({}));
    return readPermissionState(name, session, options);
  },
  render: renderPermissionState,
});
