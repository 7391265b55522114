/** A git session: how every git command of one fetch is run, with one configuration, one signal and limits on output. */
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GitError, simpleGit, type SimpleGit } from "simple-git";
import { PocketError } from "../errors.ts";
import { toStoreError } from "../store/store-failure.ts";
import { createGitEnvironment, formatConfiguration, type ConfigurationEntry } from "./git-environment.ts";
import { endGitProcesses } from "./git-processes.ts";
import { readUserConfiguration } from "./user-configuration.ts";

/** The first git that reads `GIT_CONFIG_GLOBAL`, without which the fixed configuration would not hold. */
const OLDEST_GIT = { major: 2, minor: 32 };

/** Listings and small objects; contents of files have a limit of their own. */
const DEFAULT_MAX_COMMAND_OUTPUT_BYTES = 67_108_864;

export interface GitCommandOptions {
  /** The bare repository to work in. */
  readonly repository?: string;
  /** @defaultValue false: git may reach no server */
  readonly network?: boolean;
  /** Settings for this command alone, as "key=value". */
  readonly config?: readonly string[];
  /** Standard input. */
  readonly input?: string;
  /** @defaultValue 64 MiB */
  readonly maxOutputBytes?: number;
}

export type ObjectFormat = "sha1" | "sha256";

export interface GitSession {
  /** Scratch folder of the session, outside of any repository. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** A `git` for one command. */
  command(options?: GitCommandOptions): SimpleGit;
  /** An empty bare repository, made once for all that are copied from it: starting a process is the costly part of a fetch. */
  emptyRepository(format: ObjectFormat): Promise<string>;
  /** The same session in another folder and under another signal. */
  within(folder: string, signal: AbortSignal): GitSession;
}

/** The output of a command was larger than its limit. A `GitError`, because simple-git wraps any other. */
export class OutputLimitError extends GitError {
  override readonly name = "OutputLimitError";

  constructor(maxOutputBytes: number) {
    super(undefined, `git wrote more than ${maxOutputBytes} bytes`);
  }
}

/**
 * @param folder an empty scratch folder, for the configuration.
 * @throws PocketError ERR_POCKET_GIT_MISSING when there is no git, one that is too old, or one that cannot read the user's
 * configuration; ERR_POCKET_STORE when the folder cannot be written.
 */
export async function openGitSession(folder: string, signal: AbortSignal): Promise<GitSession> {
  const reading = readUserConfiguration(folder);
  // Where there is no git, that is the reason to tell.
  reading.catch(() => undefined);
  await checkGitVersion(folder);
  const configuration = await writeConfiguration(folder, await reading);
  const empty = new Map<ObjectFormat, Promise<string>>();
  const emptyRepository = async (format: ObjectFormat): Promise<string> => {
    const made = empty.get(format) ?? initRepository({ folder, configuration, signal }, format);
    empty.set(format, made);
    return made;
  };
  const open = (place: string, current: AbortSignal): GitSession => ({
    folder: place,
    signal: current,
    command: (options = {}) => createCommand({ folder: place, configuration, signal: current }, options),
    emptyRepository,
    within: open,
  });
  return open(folder, signal);
}

interface CommandPlace {
  readonly folder: string;
  readonly configuration: string;
  readonly signal: AbortSignal;
}

function createCommand({ folder, configuration, signal }: CommandPlace, options: GitCommandOptions): SimpleGit {
  const {
    repository,
    network = false,
    config = [],
    input,
    maxOutputBytes = DEFAULT_MAX_COMMAND_OUTPUT_BYTES,
  } = options;
  const trace = join(folder, `trace-${randomUUID()}`);
  const environment = createGitEnvironment({
    configuration,
    ceiling: folder,
    network,
    trace,
    ...(repository !== undefined && { repository }),
  });
  const overflow = new AbortController();
  const stop = AbortSignal.any([signal, overflow.signal]);
  stop.addEventListener("abort", () => endGitProcesses(trace), { once: true });
  const git = simpleGit({
    baseDir: repository ?? folder,
    config: [...config],
    abort: stop,
    allowEnvironment: Object.keys(environment).filter((name) => name.toUpperCase().startsWith("GIT_")),
    // Each names one thing that git-environment.ts sets or lets through; arguments are still checked for all others.
    unsafe: { allowUnsafeConfigPaths: true, allowUnsafeAskPass: true, allowUnsafeSshCommand: true },
    // Output is whole when the streams are closed, not when the process ends.
    completion: { onClose: true, onExit: false },
    errors: (error, { exitCode, stdErr }) => {
      if (overflow.signal.aborted) return new OutputLimitError(maxOutputBytes);
      if (error !== undefined || exitCode === 0) return error;
      return Buffer.concat([Buffer.from(`fatal: git ended with code ${String(exitCode)}\n`), ...stdErr]);
    },
    ...(input !== undefined && { input: () => input }),
  });
  git.env(environment);
  git.outputHandler((_command, stdout) => {
    let bytes = 0;
    stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxOutputBytes) overflow.abort();
    });
  });
  return git;
}

async function initRepository(place: CommandPlace, format: ObjectFormat): Promise<string> {
  const repository = join(place.folder, `empty-${format}.git`);
  await createCommand(place, {}).init(true, [`--object-format=${format}`, "--", repository]);
  return repository;
}

/** Only the user may read it: it may hold what opens his private repositories. */
async function writeConfiguration(folder: string, userEntries: readonly ConfigurationEntry[]): Promise<string> {
  const path = join(folder, "gitconfig");
  try {
    await writeFile(path, formatConfiguration(userEntries), { mode: 0o600 });
    return path;
  } catch (error) {
    throw toStoreError("write", path, error);
  }
}

async function checkGitVersion(folder: string): Promise<void> {
  const { installed, major, minor } = await simpleGit({ baseDir: folder }).version();
  if (!installed) {
    throw new PocketError("ERR_POCKET_GIT_MISSING", "git is not installed, or not on the PATH", {
      hint: "install git 2.32 or newer",
    });
  }
  if (major < OLDEST_GIT.major || (major === OLDEST_GIT.major && minor < OLDEST_GIT.minor)) {
    throw new PocketError("ERR_POCKET_GIT_MISSING", `git ${major}.${minor} is too old`, {
      hint: "install git 2.32 or newer",
    });
  }
}
