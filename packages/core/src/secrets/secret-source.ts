/** Where the value of a secret comes from. No value stands in here: one that was read from a file is behind a function. */

interface SourceHosts {
  /** Network entries of the places that get the value, where a reference names none. */
  readonly hosts?: readonly string[];
}

export type SecretSource = SourceHosts &
  (
    | {
        /** Name of an environment variable of the host. */
        readonly env: string;
      }
    | {
        /** Path of a file that holds the value and nothing else; relative to the Pocket's `cwd`, or beginning with `~/`. */
        readonly file: string;
      }
    | {
        /** A program and its arguments, which prints the value; no shell. */
        readonly command: readonly [string, ...string[]];
        readonly timeoutMs: number;
      }
    | {
        /** The file in which the value stands, for messages: .secrets.toml. */
        readonly keptIn: string;
        readonly reveal: () => string;
      }
  );

/** How long a command that gives a secret may take. */
export const DEFAULT_SECRET_TIMEOUT_MS = 30_000;

/** The source for messages, for example "the environment variable WEATHER_KEY". */
export function describeSecretSource(source: SecretSource): string {
  if ("env" in source) return `the environment variable ${source.env}`;
  if ("file" in source) return `the file ${source.file}`;
  // Arguments may be private: the program is enough to find it.
  if ("command" in source) return `the command ${source.command[0]}`;
  return source.keptIn;
}
