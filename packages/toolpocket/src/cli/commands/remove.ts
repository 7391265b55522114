/** `pocket remove`: takes a tool out of settings.toml and pocket.lock. */
import { nearestHint, PocketError, readLockfile, readSettings, removeTool } from "@toolpocket/core";
import { defineCommand, type Session } from "../command.ts";
import { lockPath, unlockTool } from "../project/change-lock.ts";
import { holdSettings, readSettingsText, withSettings } from "../project/settings-file.ts";

export interface RemovedTool {
  readonly name: string;
  /** Where it stood. */
  readonly removedFrom: readonly ("settings.toml" | "pocket.lock")[];
}

export const removeCommand = defineCommand({
  positionals: [{ name: "NAME" }],
  examples: ["pocket remove weather"],
  run: ({ positionals: [name = ""] }, session) => removeNamed(name, session),
  render: ({ name, removedFrom }, { style }) =>
    `${style.green("removed")} ${style.bold(name)} from ${removedFrom.join(" and ")}`,
});

/** @throws PocketError ERR_POCKET_TOOL_UNKNOWN */
export async function removeNamed(name: string, { cwd }: Session): Promise<RemovedTool> {
  return holdSettings(cwd, () => removeFromProject(name, cwd));
}

async function removeFromProject(name: string, cwd: string): Promise<RemovedTool> {
  const { tools } = await readSettings({ cwd });
  const locked = (await readLockfile(lockPath(cwd))).tools.map((entry) => entry.name);
  const before = await readSettingsText(cwd);
  const text = before === undefined ? undefined : removeTool(before, name);
  const [isInText, isLocked] = [text !== before, locked.includes(name)];
  if (!isInText && !isLocked) throw unknownTool(name, [...tools.keys(), ...locked]);
  await withSettings(cwd, { before, text }, async () => {
    if (isLocked) await unlockTool(cwd, name);
  });
  return {
    name,
    removedFrom: [...(isInText ? (["settings.toml"] as const) : []), ...(isLocked ? (["pocket.lock"] as const) : [])],
  };
}

function unknownTool(name: string, known: readonly string[]): PocketError {
  // Settings are also read from .secrets.toml and the environment, which are not written here.
  const hint = known.includes(name)
    ? "it is defined by .secrets.toml or a POCKET_ variable: take it out there"
    : known.length === 0
      ? "there are no tools; add one with `pocket add`"
      : `name one of ${[...new Set(known)].join(", ")}`;
  return new PocketError(
    "ERR_POCKET_TOOL_UNKNOWN",
    `settings.toml and pocket.lock have no tool "${name}"${known.includes(name) ? "" : nearestHint(name, known)}`,
    {
      hint,
      details: { tool: name, known },
    },
  );
}
