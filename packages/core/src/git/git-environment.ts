/** The one environment and configuration that every git of Toolpocket runs with. */

/**
 * What holds whatever the user's configuration and the repository say: nothing asks, nothing but git itself runs,
 * nothing is checked out, every object is checked.
 */
const FIXED_CONFIGURATION: readonly ConfigurationEntry[] = [
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["core.askPass", ""],
  ["core.attributesFile", "/dev/null"],
  ["core.symlinks", "false"],
  // Larger blobs are streamed, not held in memory.
  ["core.bigFileThreshold", "32m"],
  // The repositories are scratch: the store verifies what comes out of them.
  ["core.fsync", "none"],
  ["init.templateDir", ""],
  ["init.defaultBranch", "main"],
  ["credential.interactive", "false"],
  ["protocol.version", "2"],
  ["transfer.fsckObjects", "true"],
  ["transfer.bundleURI", "false"],
  ["transfer.credentialsInUrl", "die"],
  ["fetch.recurseSubmodules", "false"],
  ["fetch.unpackLimit", "1"],
  ["fetch.writeCommitGraph", "false"],
  ["fetch.negotiationAlgorithm", "noop"],
  ["submodule.recurse", "false"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["http.followRedirects", "initial"],
  // A transfer slower than 1000 bytes a second for 30 seconds has failed.
  ["http.lowSpeedLimit", "1000"],
  ["http.lowSpeedTime", "30"],
];

/** How ssh is called where the user named no other way: it never asks, and a dead connection ends. */
const SSH_COMMAND = "ssh -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=15 -o ServerAliveCountMax=4";

const TRANSPORTS = "https:ssh:http:file";

/** Variables of git that are the user's own way to a server; every other `GIT_…` is left out. */
const KEPT_GIT_VARIABLES: ReadonlySet<string> = new Set([
  "GIT_SSH",
  "GIT_SSH_COMMAND",
  "GIT_SSH_VARIANT",
  "GIT_SSL_CAINFO",
  "GIT_SSL_CAPATH",
  "GIT_SSL_CERT",
  "GIT_SSL_KEY",
]);

/** Not git's by name, but git starts what they name. */
const PROGRAM_VARIABLES: ReadonlySet<string> = new Set(["EDITOR", "PAGER", "PREFIX", "SSH_ASKPASS", "VISUAL"]);

/** A key as git writes it ("http.https://host/.proxy") and its value. */
export type ConfigurationEntry = readonly [key: string, value: string];

export interface GitEnvironmentOptions {
  /** File with the configuration: `formatConfiguration`. */
  readonly configuration: string;
  /** The folder above which no repository is looked for. */
  readonly ceiling: string;
  /** The bare repository to work in. */
  readonly repository?: string;
  /** Without it no transport is allowed, so that git cannot fetch a missing object by itself. */
  readonly network: boolean;
  /** File in which git writes down the processes that it starts. */
  readonly trace: string;
}

/** The variables of a git process: the user's own, without those that redirect git or make it start a program. */
export function createGitEnvironment(
  options: GitEnvironmentOptions,
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  return {
    ...inheritedVariables(environment),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: options.configuration,
    GIT_ATTR_NOSYSTEM: "1",
    GIT_CEILING_DIRECTORIES: options.ceiling,
    ...(options.repository !== undefined && { GIT_DIR: options.repository }),
    GIT_ALLOW_PROTOCOL: options.network ? TRANSPORTS : "none",
    GIT_TRACE2_EVENT: options.trace,
    GIT_NO_LAZY_FETCH: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "",
    GCM_INTERACTIVE: "never",
    LC_ALL: "C",
    LANGUAGE: "C",
  };
}

/** The user's variables, for the one command that reads his configuration as it is. */
export function inheritedVariables(
  environment: NodeJS.ProcessEnv = process.env,
  kept: ReadonlySet<string> = KEPT_GIT_VARIABLES,
): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    const upper = name.toUpperCase();
    if (value === undefined || PROGRAM_VARIABLES.has(upper)) continue;
    if (!upper.startsWith("GIT_") || kept.has(upper)) inherited[name] = value;
  }
  return inherited;
}

/** The text of the configuration file: the user's way to servers first, then what is fixed, for the last one counts. */
export function formatConfiguration(
  userEntries: readonly ConfigurationEntry[],
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const ssh: ConfigurationEntry[] = environment["GIT_SSH"] === undefined ? [["core.sshCommand", SSH_COMMAND]] : [];
  return [...ssh, ...userEntries, ...FIXED_CONFIGURATION].map(formatEntry).join("");
}

function formatEntry([key, value]: ConfigurationEntry): string {
  const first = key.indexOf(".");
  const last = key.lastIndexOf(".");
  const section = key.slice(0, first);
  const header = first === last ? `[${section}]` : `[${section} "${escape(key.slice(first + 1, last))}"]`;
  return `${header}\n\t${key.slice(last + 1)} = "${escape(value)}"\n`;
}

function escape(text: string): string {
  return text.replaceAll(/["\\]/gu, "\\$&").replaceAll("\n", "\\n");
}
