/** The part of the user's git configuration that leads to servers: credentials, proxies, certificates, ssh. */
import { simpleGit } from "simple-git";
import { PocketError } from "../errors.ts";
import { readableOutput } from "./git-failure.ts";
import { inheritedVariables, type ConfigurationEntry } from "./git-environment.ts";

/**
 * Keys that are taken over. Left out on purpose: aliases, hooks, filters, `include`, `url.….insteadOf` (a pinned URL
 * means the same on every machine) and `http.sslVerify`.
 */
const SERVER_KEYS =
  /^(?:credential\..+|core\.sshcommand|ssh\.variant|http\.(?:.+\.)?(?:cookiefile|delegation|emptyauth|extraheader|proxy|proxyauthmethod|proxyssl\w+|schannel\w+|sslbackend|sslcainfo|sslcapath|sslcert|sslcertpasswordprotected|sslkey|version))$/iu;

/** Where the user's own configuration is, if he moved it. */
const LOCATION_VARIABLES: ReadonlySet<string> = new Set([
  "GIT_CONFIG_GLOBAL",
  "GIT_CONFIG_SYSTEM",
  "GIT_CONFIG_NOSYSTEM",
]);

/**
 * The entries of the user's global and system configuration that private repositories need, in git's order.
 * @param folder a folder outside of any repository.
 * @throws PocketError ERR_POCKET_GIT_MISSING when git cannot read it.
 */
export async function readUserConfiguration(folder: string): Promise<ConfigurationEntry[]> {
  const git = simpleGit({
    baseDir: folder,
    allowEnvironment: [...LOCATION_VARIABLES, "GIT_CEILING_DIRECTORIES"],
    unsafe: { allowUnsafeConfigPaths: true },
    completion: { onExit: false },
  });
  git.env({ ...inheritedVariables(process.env, LOCATION_VARIABLES), GIT_CEILING_DIRECTORIES: folder });
  try {
    return parseConfiguration(await git.raw(["config", "--list", "--null", "--includes"]));
  } catch (error) {
    throw new PocketError("ERR_POCKET_GIT_MISSING", `git cannot read its configuration: ${readableOutput(error)}`, {
      hint: "mend the file that it names",
      cause: error,
    });
  }
}

function parseConfiguration(listing: string): ConfigurationEntry[] {
  return listing
    .split("\0")
    .map((record): ConfigurationEntry => {
      const end = record.indexOf("\n");
      // A key without a value is git's way to write true.
      return end === -1 ? [record, "true"] : [record.slice(0, end), record.slice(end + 1)];
    })
    .filter(([key]) => SERVER_KEYS.test(key));
}
