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
  remove(): void;
}

export function openScratchFolder(): ScratchFolder {
  const folder = mkdtempSync(join(tmpdir(), "toolpocket-demo-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const [project, store] = [join(folder, "project"), join(folder, "store")];
  mkdirSync(project);
  process.once("exit", remove);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  return { project, store, remove };
}
