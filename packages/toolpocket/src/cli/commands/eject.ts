/** `pocket eject`: copies a tool into the project, and takes it from there. */
import { rm } from "node:fs/promises";
import { type EjectedTool, ejectTool } from "@toolpocket/core";
import { defineCommand, type Session } from "../command.ts";
import { lockLocalTool } from "../project/change-lock.ts";
import { holdSettings, readSettingsText, withSettings } from "../project/settings-file.ts";

export interface Ejected {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly files: readonly string[];
  /** The folder as settings.toml names it. */
  readonly local: string;
  /** Whether settings.toml and pocket.lock take the tool from there now; false for a tool that a program names in code. */
  readonly isRepointed: boolean;
}

export const ejectCommand = defineCommand({
  positionals: [{ name: "NAME" }],
  options: { to: { kind: "text", value: "DIR", about: "the new folder; by default tools/NAME" } },
  examples: ["pocket eject weather", "pocket eject weather --to lib/weather"],
  run: ({ positionals: [name = ""], options: { to } }, session) =>
    holdSettings(session.cwd, () => ejectNamed(name, to, session)),
  render: ({ name, folder, files, local, isRepointed }, { style }) => {
    const next = isRepointed
      ? `settings.toml and pocket.lock take it from ${local} now.`
      : `settings.toml does not hold it: name it in your program as fromLocal(${JSON.stringify(local)}).`;
    return `${style.green("ejected")} ${style.bold(name)} to ${folder} (${files.length} files)\n${next}`;
  },
});

async function ejectNamed(name: string, to: string | undefined, session: Session): Promise<Ejected> {
  const { cwd, onProgress, signal } = session;
  const ejected = await ejectTool({ cwd, onProgress, signal }, name, { ...(to !== undefined && { to }) });
  const { folder, files, local, settings } = ejected;
  if (settings !== undefined) await repoint(ejected, settings.text, session);
  return { name, folder, files, local, isRepointed: settings !== undefined };
}

/** The copy goes away again when the project cannot be made to use it. */
async function repoint({ name, folder, local }: EjectedTool, text: string, session: Session): Promise<void> {
  try {
    const before = await readSettingsText(session.cwd);
    await withSettings(session.cwd, { before, text }, () => lockLocalTool(local, { name }, session));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
