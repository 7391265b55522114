/** `pocket init`: a settings.toml to start from. */
import { writeFile } from "node:fs/promises";
import { PocketError } from "@toolpocket/core";
import { defineCommand } from "../command.ts";
import { settingsPath, settingsWriteError } from "../project/settings-file.ts";

const START = `# The tools of this agent. \`pocket add SOURCE\` adds one; pocket.lock pins each to its exact content.

# [tools.weather]
# git = "https://github.com/acme/tools"
# ref = "main"
# path = "weather"
# tool_vars = { unit = "metric" }
# allow = { network = ["api.weather.example:443"] }
# limits = { timeout = "10s" }

# [tool_vars]            # for every tool that declares the variable
# unit = "metric"
`;

export interface CreatedSettings {
  /** Absolute path of the new file. */
  readonly settings: string;
}

export const initCommand = defineCommand({
  examples: ["pocket init"],
  run: async (_line, { cwd }): Promise<CreatedSettings> => createSettings(settingsPath(cwd)),
  render: ({ settings }, { style }) =>
    `${style.green("created")} ${settings}\nAdd a tool with \`pocket add https://host/org/repo/tree/main/tool\`.`,
});

async function createSettings(path: string): Promise<CreatedSettings> {
  try {
    await writeFile(path, START, { flag: "wx" });
    return { settings: path };
  } catch (cause) {
    const isThere = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    if (isThere) {
      throw new PocketError("ERR_POCKET_FILE_EXISTS", `${path} exists already, and is not overwritten`, {
        hint: "edit it, or add a tool to it with `pocket add SOURCE`",
        details: { file: path },
        cause,
      });
    }
    throw settingsWriteError(path, cause);
  }
}
