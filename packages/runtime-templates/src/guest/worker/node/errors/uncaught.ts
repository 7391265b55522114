/** What happens to errors that the tool's code does not handle: its listeners, else Node's text on stderr and exit code 1. */
import { GuestFailure } from "../../guest-runtime.ts";
import { ExitSignal } from "../exit-signal.ts";
import type { NodeRealm } from "../node-realm.ts";
import { emitExit } from "../process/exit.ts";
import { NODE_VERSIONS } from "../process/versions.ts";
import { createNodeError } from "./node-error.ts";
import type { StackPosition, StackTraces } from "./stack-traces.ts";

export type UncaughtOrigin = "uncaughtException" | "unhandledRejection";

const UNHANDLED =
  "This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise " +
  "which was not handled with .catch(). The promise rejected with the reason ";

export type UncaughtHandler = (error: unknown, origin: UncaughtOrigin, promise?: Promise<unknown>) => void;

export function createUncaughtHandler(realm: NodeRealm, traces: StackTraces): UncaughtHandler {
  function handle(error: unknown, origin: UncaughtOrigin, promise?: Promise<unknown>): void {
    if (realm.ending.isOver || error instanceof ExitSignal) return;
    if (error instanceof GuestFailure) return realm.ending.fail(error);
    try {
      notify(error, origin, promise);
    } catch (thrown) {
      if (!(thrown instanceof ExitSignal)) die(thrown, "uncaughtException", 7);
    }
  }

  function notify(error: unknown, origin: UncaughtOrigin, promise?: Promise<unknown>): void {
    const { process } = realm;
    if (origin === "unhandledRejection" && process.emit("unhandledRejection", error, promise)) return;
    if (process.emit("toolpocket:capture", error)) return;
    process.emit("uncaughtExceptionMonitor", error, origin);
    if (process.emit("uncaughtException", error, origin)) return;
    die(error, origin, 1);
  }

  function die(error: unknown, origin: UncaughtOrigin, exitCode: number): void {
    realm.io.write(2, new TextEncoder().encode(describe(error, origin)));
    realm.process.exitCode = exitCode;
    try {
      emitExit(realm);
    } catch (thrown) {
      if (!(thrown instanceof ExitSignal))
        realm.io.write(2, new TextEncoder().encode(describe(thrown, "uncaughtException")));
    }
    realm.ending.exit({ exitCode: Number(realm.process.exitCode) || exitCode });
  }

  function describe(error: unknown, origin: UncaughtOrigin): string {
    const { inspect } = realm.builtin("util");
    const version = `\n\nNode.js v${NODE_VERSIONS["node"]}\n`;
    if (error instanceof Error) {
      const position = traces.originOf(error);
      return `${position ? sourceLine(realm, position) : ""}${inspect(error)}${version}`;
    }
    if (origin === "unhandledRejection") {
      const text = `${UNHANDLED}"${typeof error === "string" ? error : inspect(error)}".`;
      const rejection = createNodeError(Error, "ERR_UNHANDLED_REJECTION", text);
      rejection.name = "UnhandledPromiseRejection";
      return `[UnhandledPromiseRejection: ${text}] {\n  code: 'ERR_UNHANDLED_REJECTION'\n}${version}`;
    }
    return `Uncaught:\n${inspect(error)}${version}`;
  }

  return handle;
}

/** The line of the tool's source with a caret below it, as Node shows it above an error. */
function sourceLine(realm: NodeRealm, { file, line, column }: StackPosition): string {
  const path = file.startsWith("file://") ? decodeURIComponent(file.slice("file://".length)) : file;
  const header = `${file}:${line}\n`;
  const bytes = realm.files.files.get(path);
  const text = bytes && new TextDecoder().decode(bytes).split("\n")[line - 1];
  // A minified line says nothing.
  if (text === undefined || text.length > 200) return `${header}\n`;
  const indent = text.slice(0, column - 1).replaceAll(/[^\t]/gu, " ");
  return `${header}${text}\n${indent}^\n\n`;
}
