/** Finds a tool of settings.toml by its name. */
import { nearestHint, PocketError, readSettings, type ToolRequest, toToolRequests } from "@toolpocket/core";
import type { Session } from "../command.ts";

/** @throws PocketError ERR_POCKET_TOOL_UNKNOWN that names the nearest */
export async function findRequest(name: string, { cwd }: Pick<Session, "cwd">): Promise<ToolRequest> {
  const settings = await readSettings({ cwd });
  const requests = toToolRequests(settings);
  const request = requests.find(({ options }) => options.name === name);
  if (request !== undefined) return request;
  const known = [...settings.tools.keys()];
  throw new PocketError(
    "ERR_POCKET_TOOL_UNKNOWN",
    `${settings.file} has no tool "${name}"${nearestHint(name, known)}`,
    {
      hint: known.length === 0 ? "add one with `pocket add SOURCE`" : `name one of ${known.join(", ")}`,
      details: { tool: name, known },
    },
  );
}
