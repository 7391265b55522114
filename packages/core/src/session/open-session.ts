/** Opens a session on an invoker: its program, its grants, its tools. */
import { checkSessionOptions } from "../check-options.ts";
import { randomUUID } from "node:crypto";
import { PocketError } from "../errors.ts";
import type { Invoker, RunnableTool } from "../invoker.ts";
import { nearestHint } from "../nearest.ts";
import type { PythonPackages } from "../packages/python-packages.ts";
import { PACKAGES_FOLDER, type PythonProgram, type Wheel } from "../program.ts";
import { resolveGrants } from "../resolve-grants.ts";
import { createSession, type Session, type SessionHost } from "./session.ts";
import {
  type ResolvedSessionLimits,
  resolveSessionLimits,
  type SessionOptions,
  type SessionPackage,
} from "./session-options.ts";
import { createSessionPackages, resolveSessionPackages } from "./session-packages.ts";

export interface OpenSessionHost extends Pick<SessionHost, "closing" | "invoke" | "refuse"> {
  /** Names of the tools that there are. */
  readonly known: readonly string[];
  /** For those that it begins with, which are pinned. */
  readonly packages: PythonPackages;
  /** For those that are installed later. */
  readonly laterPackages: PythonPackages;
  openInvoker(): Promise<Invoker>;
}

/**
 * A session that is ready: its instance has begun.
 * @throws PocketError ERR_POCKET_TOOL_UNKNOWN, ERR_POCKET_INVOKER_MISSING, ERR_POCKET_SESSION_LIMIT,
 * ERR_POCKET_SETTINGS_INVALID, ERR_POCKET_CLOSED, and what the invoker and the installer of packages throw
 */
export async function openSession(host: OpenSessionHost, options: SessionOptions): Promise<Session> {
  checkSessionOptions(options);
  const limits = resolveSessionLimits(options.limits);
  for (const name of options.tools ?? []) checkKnown(name, host.known);
  const id = randomUUID();
  const [invoker, wheels] = await Promise.all([
    host.openInvoker(),
    resolveSessionPackages(options.packages ?? [], host.packages),
  ]);
  const runnable = createRunnable(id, limits, { ...options, packages: wheels });
  if (!invoker.openSession) {
    throw new PocketError("ERR_POCKET_INVOKER_MISSING", "the Pocket's invoker has no sessions", {
      hint: 'use the Pocket of the package "toolpocket"',
    });
  }
  const instance = invoker.openSession(runnable);
  const packages = createSessionPackages(wheels, host.laterPackages);
  const session = createSession(
    { id, instance, limits, packages, invoke: host.invoke, refuse: host.refuse, closing: host.closing },
    options,
  );
  try {
    const begun = await session.run("", { timeoutMs: limits.timeoutMs });
    if (begun.error) throw startError(begun.error.message, begun.stderr);
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

function checkKnown(name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  throw new PocketError("ERR_POCKET_TOOL_UNKNOWN", `there is no tool "${name}"${nearestHint(name, known)}`, {
    hint: known.length === 0 ? "add one, for example with `pocket add`" : `name some of ${known.join(", ")}`,
    details: { tool: name, known },
  });
}

function startError(message: string, stderr: string): PocketError {
  return new PocketError("ERR_POCKET_SESSION_START", `the session did not begin: ${message}`, {
    hint: "mend its packages, modules or prelude",
    details: { stderr },
  });
}

interface ProgramOptions extends SessionOptions {
  readonly packages: readonly SessionPackage[];
}

function createRunnable(id: string, limits: ResolvedSessionLimits, options: ProgramOptions): RunnableTool {
  const { network } = resolveGrants({
    tool: "session",
    allow: options.allow ?? {},
    deny: {},
    cwd: process.cwd(),
  });
  return {
    id: `session:${id}`,
    name: "session",
    program: createProgram(options),
    limits,
    grants: { network, storage: [] },
  };
}

function createProgram({ packages, modules = {} }: ProgramOptions): PythonProgram {
  const encoder = new TextEncoder();
  const files = new Map<string, Uint8Array>();
  for (const [path, content] of Object.entries(modules)) {
    files.set(path, typeof content === "string" ? encoder.encode(content) : content);
  }
  const wheels = packages.map(({ fileName, content }): Wheel => {
    const path = `${PACKAGES_FOLDER}/${fileName}`;
    files.set(path, content);
    const [name = fileName, version = ""] = fileName.split("-");
    return { path, name, version, digest: "" };
  });
  return { runtime: "python", entry: { kind: "session" }, args: [], files, wheels };
}
