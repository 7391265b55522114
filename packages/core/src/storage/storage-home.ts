/** Where the private folders of tools are on this machine. */
import { resolve } from "node:path";
import envPaths from "env-paths";

/**
 * The folder above all private folders: `storage` in `POCKET_HOME`, else in `pocket` in the user's data folder. It is no
 * cache, which a cleaner may empty: what a tool keeps cannot be fetched again.
 */
export function storageHome(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment["POCKET_HOME"];
  const home = chosen !== undefined && chosen !== "" ? chosen : envPaths("pocket", { suffix: "" }).data;
  return resolve(home, "storage");
}
