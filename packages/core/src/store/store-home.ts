/** Where the store is on this machine. */
import { resolve } from "node:path";
import envPaths from "env-paths";

/** The folder of the store: `POCKET_HOME`, else `pocket` in the user's cache folder. */
export function storeHome(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment["POCKET_HOME"];
  return resolve(chosen !== undefined && chosen !== "" ? chosen : envPaths("pocket", { suffix: "" }).cache);
}
