/** Finds a tool of settings.toml by its name. */
import { nearestHint, PocketError, readSettings, type ToolRequest, toToolRequests } from "@toolpocket/core";
import type { Session } from "../command.ts";

/** @throws PocketError ERR_POCKET_TOOL_UNKNOWN that names the nearest */
export async function findRequest(name: string, session: Pick<Session, "cwd">): Promise<ToolRequest> {
  return find(name, session, (requests) => requests.find(({ options }) => options.name === name));
}

/**
 * What gives the tool that is called by this name: the tools of a component begin with the name of their table.
 * @throws PocketError ERR_POCKET_TOOL_UNKNOWN that names the nearest
 */
export async function findCalledRequest(name: string, session: Pick<Session, "cwd">): Promise<ToolRequest> {
  return find(name, session, (requests) => {
    const exact = requests.find(({ options }) => options.name === name);
    const owners = requests.filter(({ options }) => name.startsWith(`${options.name}_`));
    return exact ?? owners.toSorted((one, other) => lengthOf(other) - lengthOf(one))[0];
  });
}

function lengthOf({ options }: ToolRequest): number {
  return options.name?.length ?? 0;
}

async function find(
  name: string,
  { cwd }: Pick<Session, "cwd">,
  choose: (requests: readonly ToolRequest[]) => ToolRequest | undefined,
): Promise<ToolRequest> {
  const settings = await readSettings({ cwd });
  const request = choose(toToolRequests(settings));
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
