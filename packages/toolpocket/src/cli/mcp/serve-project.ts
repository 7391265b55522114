/** Serves the tools of the project's settings, and serves others when settings or lock change. */
import { statSync } from "node:fs";
import { isPocketError } from "@toolpocket/core";
import type { HttpServerOptions, ManagementTool, PocketHandle } from "@toolpocket/mcp";
import type { Session } from "../command.ts";
import { lockPath } from "../project/change-lock.ts";
import { settingsPath } from "../project/settings-file.ts";
import { createPocketMetrics } from "../../metrics/pocket-metrics.ts";
import { Pocket } from "../../pocket.ts";
import { readVersion } from "../version.ts";
import { type CountedPocket, countCalls } from "./count-calls.ts";
import { createManagementTools } from "./management-tools.ts";

/** How often settings.toml and pocket.lock are looked at. */
const LOOK_INTERVAL_MS = 1_000;

export interface ServeProjectOptions {
  readonly manage: boolean;
  readonly offline: boolean;
}

/** Resolves when the client closes its end, or the user interrupts. */
export async function serveStandardStreams(session: Session, options: ServeProjectOptions): Promise<void> {
  // Loaded here, because no other command needs the protocol.
  const { createPocketHandle, serveMcpStdio } = await import("@toolpocket/mcp");
  await using project = openProject(createPocketHandle(), session, options);
  const { handle, management } = project;
  await serveMcpStdio(handle, { management, version: await readVersion(), signal: session.signal });
}

/** Resolves when the user interrupts. */
export async function serveHttp(
  session: Session,
  { manage, offline, ...http }: ServeProjectOptions & HttpServerOptions,
): Promise<void> {
  const { createPocketHandle, startMcpHttpServer } = await import("@toolpocket/mcp");
  const { signal, notify, announce } = session;
  await using project = openProject(createPocketHandle(), session, { manage, offline });
  const { handle, management, metrics } = project;
  const version = await readVersion();
  await using server = await startMcpHttpServer(handle, { ...http, management, version, metrics });
  await announce?.({ url: server.url });
  notify(`serving ${server.url}`);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

interface OpenProject extends AsyncDisposable {
  readonly handle: PocketHandle;
  readonly management: readonly ManagementTool[];
  readonly metrics: () => Promise<string>;
}

function openProject(handle: PocketHandle, session: Session, { manage, offline }: ServeProjectOptions): OpenProject {
  const { cwd, notify } = session;
  const onProgress: Session["onProgress"] = (event) => {
    session.onProgress(event);
    handle.reportProgress(event);
  };
  const metrics = createPocketMetrics();
  const open = (): CountedPocket => countCalls(new Pocket({ cwd, offline, onProgress, metrics }));
  const closings = new Set<Promise<void>>();
  let current = open();
  let stamp = "";
  let isEnding = false;
  /** What cannot be loaded because the server ends is nobody's fault. */
  const tell = (line: string): void => {
    if (!isEnding) notify(line);
  };

  /** The new Pocket is served when it could be loaded; until then, and where it cannot, the old one. */
  const reload = async (): Promise<void> => {
    stamp = stampProject(cwd);
    const next = open();
    const fault = await loadFault(next);
    stamp = stampProject(cwd);
    if (fault !== undefined) {
      await next.close();
      tell(`settings.toml cannot be served as it is now: ${fault}`);
      return;
    }
    const old = current;
    current = next;
    handle.swap(next);
    const closing = old.closeWhenIdle().finally(() => closings.delete(closing));
    closings.add(closing);
  };

  handle.swap(current);
  // A client waits for its handshake, not for the network; what cannot be loaded is told at each request.
  const started = loadFault(current).then((fault) => {
    stamp = stampProject(cwd);
    if (fault !== undefined) tell(fault);
  });
  let work: Promise<void> = started;
  const inTurn = (task: () => Promise<void>): Promise<void> => (work = work.then(task, task));
  const timer = setInterval(() => {
    void inTurn(async () => {
      if (stampProject(cwd) !== stamp) await reload();
    });
  }, LOOK_INTERVAL_MS);

  return {
    handle,
    metrics: () => metrics.render(),
    management: manage ? createManagementTools(session, { offline, reload: () => inTurn(reload), handle }) : [],
    async [Symbol.asyncDispose]() {
      isEnding = true;
      clearInterval(timer);
      await Promise.all([current.close(), ...closings]);
    },
  };
}

/** Why the tools cannot be served, with what to do about it. */
async function loadFault(pocket: CountedPocket): Promise<string | undefined> {
  try {
    await pocket.tools();
    return undefined;
  } catch (error) {
    if (!isPocketError(error)) throw error;
    return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
  }
}

function stampProject(cwd: string): string {
  const stamps = [settingsPath(cwd), lockPath(cwd)].map((path) => {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found === undefined ? "-" : `${found.ino} ${found.size} ${found.mtimeNs}`;
  });
  return stamps.join("\n");
}
