/** The states of a Python tool as a stream of server-sent events (HTML Standard, "Server-sent events"). */
import type { PythonToolStatus } from "../python-tool-state.ts";

/** Changes that follow each other faster are one event. */
const MIN_INTERVAL_MS = 100;
/** How often a silent stream says that it lives: proxies cut what is silent for long. */
const HEARTBEAT_MS = 15_000;

/** The present state at once, then one after each change, until the reader cancels or `signal` fires. */
export function streamStates(tool: PythonToolStatus, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  let unsubscribe = (): void => undefined;
  let onAbort = (): void => undefined;
  /** The reader has not seen the newest state. */
  let isBehind = true;

  const end = (): void => {
    clearTimeout(timer);
    clearInterval(heartbeat);
    unsubscribe();
    signal.removeEventListener("abort", onAbort);
  };
  const sendState = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    clearTimeout(timer);
    timer = undefined;
    // A reader that does not keep up gets the newest state when it does, and none of those between.
    if (!isBehind || (controller.desiredSize ?? 0) <= 0) return;
    isBehind = false;
    try {
      controller.enqueue(encoder.encode(`data: ${JSON.stringify(tool.getState())}\n\n`));
    } catch (error) {
      end();
      controller.error(error);
    }
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      if (signal.aborted) return controller.close();
      onAbort = () => {
        end();
        controller.close();
      };
      signal.addEventListener("abort", onAbort);
      unsubscribe = tool.subscribe(() => {
        isBehind = true;
        timer ??= setTimeout(sendState, MIN_INTERVAL_MS, controller);
      });
      heartbeat = setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(":\n\n"));
      }, HEARTBEAT_MS);
    },
    pull: sendState,
    cancel: end,
  });
}
