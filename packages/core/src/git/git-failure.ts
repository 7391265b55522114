/** What a failed git command means to the user, read from what git and its transports write. */
import { isPocketError, PocketError, withoutCredentials, type PocketErrorCode } from "../errors.ts";

interface Failure {
  readonly pattern: RegExp;
  readonly code: PocketErrorCode;
  /** Stands behind the URL. */
  readonly problem: string;
  readonly hint: string;
  /** Whatever else were asked of the same server would fail in the same way. */
  readonly isFinal?: true;
}

/** The first pattern that matches counts. Texts of git, curl and OpenSSH, in the C locale. */
const FAILURES: readonly Failure[] = [
  {
    pattern: /could not resolve host|name or service not known|could not resolve hostname/iu,
    code: "ERR_POCKET_SOURCE_UNREACHABLE",
    problem: "its host is unknown",
    hint: "check the host's name and your network",
    isFinal: true,
  },
  {
    pattern: /host key verification failed/iu,
    code: "ERR_POCKET_SOURCE_UNREACHABLE",
    problem: "its ssh host key is not known",
    hint: "connect to the host with ssh once, and accept its key",
    isFinal: true,
  },
  {
    pattern: /operation too slow|connection timed out|operation timed out|connect timeout/iu,
    code: "ERR_POCKET_FETCH_TIMEOUT",
    problem: "its server does not answer, or too slowly",
    hint: "try again later, or check your network",
    isFinal: true,
  },
  {
    pattern:
      /could not read (?:username|password)|authentication failed|terminal prompts disabled|returned error: 40[13]|permission denied \(/iu,
    code: "ERR_POCKET_SOURCE_UNREACHABLE",
    problem: "it wants credentials: the repository is private, or does not exist",
    hint: "check the URL, then set up a git credential helper or an ssh key for its host",
    isFinal: true,
  },
  {
    pattern: /ssl certificate|certificate verif|unable to get local issuer|ssl peer/iu,
    code: "ERR_POCKET_SOURCE_UNREACHABLE",
    problem: "its certificate cannot be verified",
    hint: "set http.sslCAInfo in your git configuration to the certificate of the authority",
    isFinal: true,
  },
  {
    pattern:
      /repository .* not found|repository not found|returned error: 404|does not appear to be a git repository|not a git repository|no such file or directory|project you were looking for could not be found/iu,
    code: "ERR_POCKET_SOURCE_UNREACHABLE",
    problem: "there is no such repository",
    hint: "check the URL; for a private repository, set up a git credential helper or an ssh key",
    isFinal: true,
  },
  {
    pattern:
      /failed to connect|couldn't connect|connection refused|network is unreachable|no route to host|connection reset|empty reply/iu,
    code: "ERR_POCKET_SOURCE_UNREACHABLE",
    problem: "its host cannot be reached",
    hint: "check the host and the port, your network and your proxy",
    isFinal: true,
  },
  {
    pattern: /dubious ownership/iu,
    code: "ERR_POCKET_SOURCE_UNREACHABLE",
    problem: "the repository belongs to another user of this machine",
    hint: "copy it, or give it to your user",
    isFinal: true,
  },
  {
    // Git tells of a full disk by the file that it could not write, and not always by the reason.
    pattern:
      /no space left on device|out of diskspace|disk quota exceeded|read-only file system|^(?:(?:fatal|error): )?(?:could not|unable to|failed to|cannot) (?:write|create|flush)\b[^\n]*['" ](?:\/|[A-Z]:[\\/])/imu,
    code: "ERR_POCKET_STORE",
    problem: "the store cannot be written",
    hint: "free space on the disk, or set POCKET_HOME to a folder on another one",
    isFinal: true,
  },
  {
    pattern: /fsck error/iu,
    code: "ERR_POCKET_TREE_REFUSED",
    problem: "the server sent objects that are broken or not allowed",
    hint: "ask the repository's owner to run `git fsck`",
  },
  {
    pattern: /early eof|unexpected disconnect|hung up unexpectedly|rpc failed/iu,
    code: "ERR_POCKET_SOURCE_UNREACHABLE",
    problem: "the connection broke",
    hint: "try again",
  },
];

/** Whether the server, or the repository on it, cannot be reached at all: whatever else were asked of it would fail too. */
export function isOutOfReach(error: unknown): boolean {
  const text = readableOutput(error);
  const known = FAILURES.find(({ pattern }) => pattern.test(text));
  return known?.isFinal === true;
}

/**
 * The failure of a git command on the repository at `url` as a `PocketError`. The reason of an aborted signal, a
 * `PocketError` and a `TypeError` come back as they are.
 */
export function toGitError(url: string, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (isPocketError(error) || error instanceof TypeError) return error;
  const text = readableOutput(error);
  const known = FAILURES.find(({ pattern }) => pattern.test(text));
  const { code, problem, hint } = known ?? {
    code: "ERR_POCKET_SOURCE_UNREACHABLE" as const,
    problem: lastLine(text),
    hint: "try `git ls-remote` with the same URL",
  };
  return new PocketError(code, `cannot fetch ${url}: ${problem}`, {
    hint,
    details: { url, output: text },
    cause: error,
  });
}

/** What git wrote, without credentials and without characters that could steer a terminal. */
export function readableOutput(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return withoutCredentials(text.replaceAll(/[^\P{Cc}\n]/gu, "�"))
    .slice(-2_000)
    .trim();
}

function lastLine(text: string): string {
  const lines = text.split("\n").map((line) => line.replace(/^(?:fatal|error): /u, ""));
  return lines.findLast((line) => line.trim() !== "") ?? "git failed and said nothing";
}
