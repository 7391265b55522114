/** Ends the program as `process.exit` does: the `exit` listeners run, nothing after them. */
import { createNodeError } from "../errors/node-error.ts";
import { ExitSignal } from "../exit-signal.ts";
import type { NodeRealm } from "../node-realm.ts";

const exiting = new WeakSet<object>();

/** @throws ExitSignal always: it unwinds the tool's code */
export function exitProcess(realm: NodeRealm, code?: unknown): never {
  if (!realm.ending.isOver) {
    const { process } = realm;
    if (code !== undefined && code !== null) process.exitCode = normalizeExitCode(code);
    emitExit(realm);
    realm.ending.exit({ exitCode: currentExitCode(realm) });
  }
  throw new ExitSignal();
}

/** Calls the `exit` listeners, once. */
export function emitExit(realm: NodeRealm): void {
  const { process } = realm;
  if (exiting.has(realm)) return;
  exiting.add(realm);
  process.exiting = true;
  process._exiting = true;
  process.emit("exit", currentExitCode(realm));
}

/** The code that the process would end with now: 0 to 255. */
export function currentExitCode(realm: NodeRealm): number {
  return Number(realm.process.exitCode ?? 0) & 0xff;
}

/** A code as Node takes it: an integer, or text that is one. */
export function normalizeExitCode(code: unknown): number {
  const number = typeof code === "string" && /^-?\d+$/u.test(code) ? Number(code) : code;
  if (typeof number !== "number") {
    throw createNodeError(
      TypeError,
      "ERR_INVALID_ARG_TYPE",
      `The "code" argument must be of type number. Received ${typeof code}`,
    );
  }
  if (!Number.isInteger(number)) {
    throw createNodeError(
      RangeError,
      "ERR_OUT_OF_RANGE",
      `The value of "code" is out of range. It must be an integer. Received ${number}`,
    );
  }
  return number;
}
