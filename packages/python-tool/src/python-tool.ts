/** Python as a tool of an agent: declarations for the model, and one function that does what the model asks. */
import {
  isPocketError,
  nearestHint,
  PocketError,
  type Session,
  type SessionOptions,
  type SessionOutcome,
} from "@toolpocket/core";
import type { PythonToolState } from "@toolpocket/python-widget/state";
import { type Activity, createActivity } from "./activity.ts";
import { declareTools, PYTHON_TOOL_NAMES, type ToolDeclaration } from "./declarations.ts";
import { createRuntime, NotReady, type PythonRuntime, type SessionPlace } from "./python-runtime.ts";
import { ArgumentFault, readArguments, type ToolArguments } from "./read-arguments.ts";
import { type FailedResult, toExecutionResult, toFailure, type ToolResult } from "./result.ts";
import { createWorkspace, type Workspace } from "./workspace/workspace.ts";
import type { WorkspaceOptions } from "./workspace/workspace-options.ts";

type PassedOptions = "tools" | "packages" | "allow" | "environment" | "limits" | "ttlMs" | "onOutput";

export interface PythonToolOptions extends Pick<SessionOptions, PassedOptions> {
  /** A folder of the user's that code may work on; none by default. */
  workspace?: WorkspaceOptions;
  /** Whether the model may install packages: all, none, or those that a test takes. @defaultValue true */
  allowInstall?: boolean | ((requirement: string) => boolean);
  /** How long a call waits for Python to start, in milliseconds, before it says so. @defaultValue DEFAULT_READY_TIMEOUT_MS */
  readyTimeoutMs?: number;
}

export interface PythonTool extends AsyncDisposable {
  /** For the model: the same each time. */
  getToolDeclarations(): readonly ToolDeclaration[];
  /**
   * Does what the model asks, one call after the other. Whatever goes wrong is a result, never an error; all of it is
   * plain JSON. Arguments may be JSON text.
   * @throws the reason of `options.signal`
   */
  executeTool(name: string, args: unknown, options?: { signal?: AbortSignal }): Promise<ToolResult>;
  /** Starts Python before it is needed; resolves also where that fails, which `getState()` tells. */
  start(): Promise<void>;
  isReady(): boolean;
  /** What was done so far, as `<pocket-python>` shows it. */
  getState(): PythonToolState;
  /** Calls `listener` after each change of the state; gives the function that ends it. */
  subscribe(listener: () => void): () => void;
  /** Forgets variables and files; packages stay. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** @throws TypeError for options that are wrong */
export function createPythonTool(pocket: SessionPlace, options: PythonToolOptions = {}): PythonTool {
  const { workspace: workspaceOptions, allowInstall = true, readyTimeoutMs, ...session } = options;
  const workspace = workspaceOptions && createWorkspace(workspaceOptions);
  const declarations = declareTools({ hasWorkspace: workspace !== undefined });
  const activity = createActivity(declarations);
  let wasRestarted = false;
  const takeRestart = (): boolean => {
    const was = wasRestarted;
    wasRestarted = false;
    return was;
  };
  const runtime = createRuntime(pocket, session, {
    activity,
    onBegin(isAgain) {
      workspace?.forget();
      wasRestarted ||= isAgain;
    },
    ...(readyTimeoutMs !== undefined && { readyTimeoutMs }),
  });
  const place: ToolPlace = { runtime, activity, workspace, allowInstall, takeRestart };
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  return {
    getToolDeclarations: () => declarations,
    async executeTool(name, args, { signal } = {}) {
      signal?.throwIfAborted();
      const result = await inTurn(async () => perform(place, declarations, { name, args, signal }));
      signal?.throwIfAborted();
      return result;
    },
    start: async () => runtime.start(),
    isReady: () => runtime.isReady(),
    getState: () => activity.read(runtime.listPackages()),
    subscribe: (listener) => activity.subscribe(listener),
    reset: () => inTurn(async () => runtime.reset()),
    close: async () => runtime.close(),
    [Symbol.asyncDispose]: async () => runtime.close(),
  };
}

interface ToolPlace {
  readonly runtime: PythonRuntime;
  readonly activity: Activity;
  readonly workspace: Workspace | undefined;
  readonly allowInstall: NonNullable<PythonToolOptions["allowInstall"]>;
  /** Whether the session was opened again since this was last asked. */
  readonly takeRestart: () => boolean;
}

interface ToolCall {
  readonly name: string;
  readonly args: unknown;
  readonly signal: AbortSignal | undefined;
}

async function perform(
  place: ToolPlace,
  declarations: readonly ToolDeclaration[],
  { name, args: given, signal }: ToolCall,
): Promise<ToolResult> {
  const declaration = declarations.find((one) => one.name === name);
  if (declaration === undefined) {
    const shown = name.slice(0, 100);
    const advice = `call one of ${PYTHON_TOOL_NAMES.join(", ")}`;
    return toFailure(`there is no tool "${shown}"${nearestHint(name, PYTHON_TOOL_NAMES)}`, advice);
  }
  try {
    const args = readArguments(declaration, given);
    switch (declaration.name) {
      case "execute_python":
        return await executeCode(place, args, signal);
      case "execute_python_file":
        return await executeFile(place, args, signal);
      case "install_python_package":
        return await installOne(place, args.text("package"), signal);
      case "list_python_packages": {
        await place.runtime.ready(signal);
        return { success: true, packages: place.runtime.listPackages() };
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    return toFriendlyFailure(error);
  }
}

async function executeCode(
  place: ToolPlace,
  args: ToolArguments,
  signal: AbortSignal | undefined,
): Promise<ToolResult> {
  const code = args.text("code");
  return execute(place, args, { signal, readCode: async () => code });
}

async function executeFile(
  place: ToolPlace,
  args: ToolArguments,
  signal: AbortSignal | undefined,
): Promise<ToolResult> {
  const path = args.text("path");
  const isUnsynced = place.workspace !== undefined && args.flag("sync_workspace") !== true;
  const readCode = async (session: Session): Promise<string> => {
    try {
      // What is no UTF-8 is refused by Python, which says where.
      return new TextDecoder().decode(await session.readFile(path));
    } catch (error) {
      if (!isPocketError(error)) throw error;
      throw new PocketError(error.code, error.message, {
        hint: isUnsynced
          ? "set sync_workspace to true, so that the user's files are there"
          : "look at what is there: run `import os; os.listdir()` with execute_python",
        cause: error,
      });
    }
  };
  return execute(place, args, { signal, readCode });
}

interface Execution {
  readonly signal: AbortSignal | undefined;
  readonly readCode: (session: Session) => Promise<string>;
}

async function execute(place: ToolPlace, args: ToolArguments, { signal, readCode }: Execution): Promise<ToolResult> {
  const { activity, workspace, runtime } = place;
  const packages = args.texts("install_packages");
  const syncs = (args.flag("sync_workspace") ?? false) && workspace !== undefined;
  const session = await runtime.ready(signal);
  const end = activity.begin();
  let failure: string | undefined = "the call was ended";
  try {
    for (const requirement of packages) await install(place, requirement, signal);
    if (syncs) await workspace.copyIn(session);
    const outcome = await session.run(await readCode(session), signal === undefined ? {} : { signal });
    workspace?.note(outcome);
    const changes = syncs && outcome.status === "ok" ? await workspace.copyOut(session) : undefined;
    failure = outcome.error?.message;
    const restored = place.takeRestart() || outcome.restored;
    return toExecutionResult({ ...explainImport(outcome, place), restored }, changes);
  } catch (error) {
    failure = signal?.aborted === true ? failure : toFriendlyFailure(error).error;
    throw error;
  } finally {
    end(failure);
  }
}

async function installOne(place: ToolPlace, requirement: string, signal: AbortSignal | undefined): Promise<ToolResult> {
  await place.runtime.ready(signal);
  const installed = await install(place, requirement, signal);
  return { success: true, package: requirement, installed };
}

/** @throws ArgumentFault where the package may not be installed; what the installer throws */
async function install({ runtime, activity, allowInstall }: ToolPlace, requirement: string, signal?: AbortSignal) {
  const isAllowed = typeof allowInstall === "boolean" ? allowInstall : allowInstall(requirement);
  if (!isAllowed)
    throw new ArgumentFault(`installing ${JSON.stringify(requirement.slice(0, 200))} is not allowed here`);
  const installed = await runtime.install(requirement, signal);
  activity.touch();
  return installed;
}

/** Where the model may install packages, that is what helps against a missing module. */
function explainImport(outcome: SessionOutcome, { allowInstall }: ToolPlace): SessionOutcome {
  if (outcome.error?.type !== "ModuleNotFoundError" || allowInstall === false) return outcome;
  const module = /No module named '([\w.]+)'/u.exec(outcome.error.message)?.[1]?.split(".")[0];
  if (module === undefined) return outcome;
  const hint = `install the package of "${module}" with install_packages or install_python_package, then run the code again`;
  return { ...outcome, error: { ...outcome.error, hint } };
}

function toFriendlyFailure(error: unknown): FailedResult {
  if (error instanceof NotReady) return toFailure(error.message, error.advice);
  if (error instanceof ArgumentFault) return toFailure(error.message, "correct the arguments");
  if (isPocketError(error)) return toFailure(error.message, error.hint);
  return toFailure(`Python cannot be run: ${error instanceof Error ? error.message : String(error)}`);
}
