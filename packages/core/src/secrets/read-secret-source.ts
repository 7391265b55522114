/** Reads the value of a secret from where it comes from. */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { resolve } from "node:path";
import type { SecretSource } from "./secret-source.ts";

/** A value is at most so long. */
const MAX_SECRET_BYTES = 65_536;

/** Why there is no value: for messages, never with anything of the value. */
export class SecretSourceError extends Error {
  override readonly name = "SecretSourceError";
}

export interface ReadSecretOptions {
  /** Where relative files count from, and commands run. */
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Ends a command. */
  readonly signal: AbortSignal;
}

/**
 * The value. Of a file and of what a command prints, one line break at the end is no part of it.
 * @throws SecretSourceError when there is none, or it cannot be an environment variable's: empty, with a NUL, no text.
 */
export async function readSecretSource(source: SecretSource, options: ReadSecretOptions): Promise<string> {
  const value = await readValue(source, options);
  if (value === "") throw new SecretSourceError("it is empty");
  if (value.includes("\0")) throw new SecretSourceError("it holds a NUL");
  if (!value.isWellFormed()) throw new SecretSourceError("it is no text");
  if (Buffer.byteLength(value) > MAX_SECRET_BYTES)
    throw new SecretSourceError(`it is longer than ${MAX_SECRET_BYTES} bytes`);
  return value;
}

async function readValue(source: SecretSource, options: ReadSecretOptions): Promise<string> {
  if ("reveal" in source) return source.reveal();
  if ("env" in source) {
    const value = options.environment[source.env];
    if (value === undefined) throw new SecretSourceError("it is not set");
    return value;
  }
  const bytes = "file" in source ? await readBytes(source.file, options.cwd) : await runCommand(source, options);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r?\n$/u, "");
  } catch {
    throw new SecretSourceError("it is no UTF-8 text");
  }
}

async function readBytes(file: string, cwd: string): Promise<Uint8Array> {
  const path = resolve(
    cwd,
    file.replace(/^~(?=[/\\])/u, () => homedir()),
  );
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new SecretSourceError(code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`);
  }
}

type CommandSource = Extract<SecretSource, { readonly command: unknown }>;

/** Standard output. What the command writes to standard error may hold anything, and goes nowhere. */
function runCommand({ command, timeoutMs }: CommandSource, { cwd, environment, signal }: ReadSecretOptions) {
  const [program, ...args] = command;
  return new Promise<Uint8Array>((done, fail) => {
    // A group of its own, so that the time limit ends what the command has started too.
    const isGroup = process.platform !== "win32";
    const child = spawn(program, args, {
      cwd,
      env: environment,
      stdio: ["ignore", "pipe", "ignore"],
      detached: isGroup,
      windowsHide: true,
    });
    const kill = (): void => {
      try {
        if (child.pid === undefined) return;
        if (isGroup) process.kill(-child.pid, "SIGKILL");
        else child.kill("SIGKILL");
      } catch {
        // It has ended already.
      }
    };
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      kill();
      child.stdout.destroy();
      settle();
    };
    const refuse = (reason: string): void => finish(() => fail(new SecretSourceError(reason)));
    const abort = (): void => finish(() => fail(signal.reason));
    const timer = setTimeout(() => refuse(`it took longer than ${timeoutMs} ms`), timeoutMs);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();

    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > MAX_SECRET_BYTES + 2) refuse(`it printed more than ${MAX_SECRET_BYTES} bytes`);
    });
    child.on("error", (error) => refuse(`it cannot be started (${"code" in error ? String(error.code) : error.name})`));
    child.on("close", (code, killedBy) => {
      if (code === 0) finish(() => done(Buffer.concat(chunks)));
      else refuse(killedBy === null ? `it exited with code ${code}` : `it was ended by ${killedBy}`);
    });
  });
}
