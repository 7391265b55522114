/** Resolves secrets for the invocations of one Pocket; what a command gave is remembered for a while. */
import { readSecretSource, type ReadSecretOptions, SecretSourceError } from "./read-secret-source.ts";
import { describeSecretSource, type SecretSource } from "./secret-source.ts";

/** How long the value that a command gave is used again: a password manager is slow, and may ask its user each time. */
export const SECRET_COMMAND_REUSE_MS = 300_000;

/** A secret has no value now. The message names the secret and its source. */
export class SecretResolutionError extends Error {
  override readonly name = "SecretResolutionError";
  /** The secret's name. */
  readonly secret: string;
  constructor(secret: string, message: string, options: { cause: unknown }) {
    super(message, options);
    this.secret = secret;
  }
}

export interface SecretResolver {
  /** @throws SecretResolutionError, or the reason of the signal that the resolver was made with */
  resolve(name: string, source: SecretSource): Promise<string>;
}

export type SecretResolverOptions = Omit<ReadSecretOptions, "environment"> & {
  /** @defaultValue process.env, as it is at each call */
  readonly environment?: NodeJS.ProcessEnv;
  /** Milliseconds of a clock that only goes forward. @defaultValue performance.now */
  readonly now?: () => number;
};

interface CommandValue {
  readonly value: Promise<string>;
  readonly startedAt: number;
}

/** Environment variables and files are read anew at each call. A failure is never remembered. */
export function createSecretResolver(options: SecretResolverOptions): SecretResolver {
  const now = options.now ?? (() => performance.now());
  const commands = new Map<SecretSource, CommandValue>();

  const read = (source: SecretSource): Promise<string> =>
    readSecretSource(source, { ...options, environment: options.environment ?? process.env });

  const readCommand = (source: SecretSource): Promise<string> => {
    const known = commands.get(source);
    if (known !== undefined && now() - known.startedAt < SECRET_COMMAND_REUSE_MS) return known.value;
    const value = read(source);
    const entry = { value, startedAt: now() };
    commands.set(source, entry);
    value.catch(() => {
      if (commands.get(source) === entry) commands.delete(source);
    });
    return value;
  };

  return {
    async resolve(name, source) {
      try {
        return await ("command" in source ? readCommand(source) : read(source));
      } catch (error) {
        if (!(error instanceof SecretSourceError)) throw error;
        const message = `the secret "${name}" has no value: ${describeSecretSource(source)}: ${error.message}`;
        throw new SecretResolutionError(name, message, { cause: error });
      }
    },
  };
}
