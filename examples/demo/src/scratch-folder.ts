/** The temporary folder of one run, removed at its end, also when it is interrupted. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

export interface ScratchFolder {
  /** Where the agent's project is: pocket.lock is written here. */
  readonly project: string;
  /** Where the store is. */
  readonly store: string;
  /** Where the git server's repositories are. */
  readonly repositories: string;
  remove(): void;
}

export function openScratchFolder(): ScratchFolder {
  const folder = mkdtempSync(join(tmpdir(), "toolpocket-demo-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const folders = {
    project: join(folder, "project"),
    store: join(folder, "store"),
    repositories: join(folder, "repositories"),
  };
  for (const path of Object.values(folders)) mkdirSync(path);
  process.once("exit", remove);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  return { ...folders, remove };
}
