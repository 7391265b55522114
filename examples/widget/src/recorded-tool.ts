/** A Python tool that keeps count of itself: runs code in the Pocket, and holds the state that the element shows. */
import type {
  PythonPackageInfo,
  PythonToolFailure,
  PythonToolState,
  PythonToolStatus,
} from "@toolpocket/python-widget/state";
import type { Pocket } from "toolpocket";
import { LIST_PACKAGES } from "./programs.ts";

const TOOL = "execute_python";
/** How many failures are kept. */
const KEPT_ERRORS = 20;

export interface RecordedTool extends PythonToolStatus {
  /** Starts the runtime, and asks it what it holds. */
  start(): Promise<void>;
  execute(code: string): Promise<void>;
}

/** @param signal ends what runs */
export function createRecordedTool(pocket: Pocket, signal: AbortSignal): RecordedTool {
  const listeners = new Set<() => void>();
  let totalMs = 0;
  let errors: readonly PythonToolFailure[] = [];
  let state: PythonToolState = {
    state: "initializing",
    executions: 0,
    succeeded: 0,
    failed: 0,
    averageMs: 0,
    errors,
    tools: [],
    packages: [],
  };
  const change = (changes: Partial<PythonToolState>): void => {
    state = { ...state, ...changes };
    for (const listener of listeners) listener();
  };
  const invoke = async (code: string): Promise<string> => {
    const outcome = await pocket.invoke(TOOL, { code }, { signal });
    if (outcome.status === "ok") return outcome.output;
    // The last line of a traceback says what is wrong; the rest is for who wrote the program.
    throw new Error(outcome.error.message.trimEnd().split("\n").at(-1));
  };
  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      try {
        const packages: PythonPackageInfo[] = JSON.parse(await invoke(LIST_PACKAGES));
        const tools = (await pocket.tools()).map(({ name, description }) => ({ name, description }));
        change({ state: "ready", packages, tools });
      } catch (error) {
        change({ state: "error", error: error instanceof Error ? error.message : String(error) });
        throw error;
      }
    },
    async execute(code) {
      change({ executions: state.executions + 1, lastActivity: Date.now() });
      const started = performance.now();
      try {
        await invoke(code);
        change({ succeeded: state.succeeded + 1 });
      } catch (error) {
        const failure = { message: error instanceof Error ? error.message : String(error), at: Date.now() };
        errors = [failure, ...errors].slice(0, KEPT_ERRORS);
        change({ failed: state.failed + 1, errors });
      }
      totalMs += performance.now() - started;
      change({ averageMs: totalMs / (state.succeeded + state.failed), lastActivity: Date.now() });
    },
  };
}
