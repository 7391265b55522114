/** Bounds the time that synchronous work on a stranger's data may take. */
import { createContext, Script, type Context } from "node:vm";

/** The work was stopped in its middle: what it was changing is to be thrown away. */
export class TimeLimitError extends Error {
  override readonly name = "TimeLimitError";
}

let sharedContext: Context | undefined;
const callWork = new Script("run()");

/**
 * What `work` returns. The engine's own watchdog stops it after `timeoutMs`, inside of a regular expression too; that
 * costs about 0.06 ms for each call. It is no sandbox: `work` is the caller's code and runs in the caller's realm.
 * @throws TimeLimitError when the time is over, and whatever `work` throws.
 */
export function runWithinTime<Result>(timeoutMs: number, work: () => Result): Result {
  const context = (sharedContext ??= createContext());
  let result: { readonly value: Result } | undefined;
  context["run"] = () => {
    result = { value: work() };
  };
  try {
    callWork.runInContext(context, { timeout: timeoutMs });
  } catch (error) {
    if (isTimeout(error)) throw new TimeLimitError(`took more than ${timeoutMs} ms`, { cause: error });
    throw error;
  } finally {
    delete context["run"];
  }
  if (result === undefined) throw new TimeLimitError("was not run");
  return result.value;
}

/** The error comes from the context's realm, so it is no instance of this one's `Error`. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}
