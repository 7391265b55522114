/** Follows a Python tool in the same page: at each change that it tells of, and at an interval in case it told nothing. */
import type { PythonToolStatus } from "./python-tool-state.ts";
import { readState, type ShownState } from "./read-state.ts";
import { toReason, type Watch, type WatchSink } from "./watch.ts";

export interface WatchToolOptions {
  /** Milliseconds between two looks without a change; 0 for none. */
  readonly refreshMs: number;
}

/** Reports the present state before it returns. */
export function watchTool(tool: PythonToolStatus, sink: WatchSink, { refreshMs }: WatchToolOptions): Watch {
  const refresh = (): void => {
    let state: ShownState;
    try {
      state = readState(tool.getState());
    } catch (error) {
      sink.onUnreachable(toReason(error));
      return;
    }
    sink.onState(state);
  };
  let isQueued = false;
  let isStopped = false;
  /** Many changes in one turn are one look. */
  const onChange = (): void => {
    if (isQueued) return;
    isQueued = true;
    queueMicrotask(() => {
      isQueued = false;
      if (!isStopped) refresh();
    });
  };
  const unsubscribe = tool.subscribe(onChange);
  const timer = refreshMs > 0 ? setInterval(refresh, refreshMs) : undefined;
  refresh();
  return {
    refresh,
    stop() {
      isStopped = true;
      clearInterval(timer);
      unsubscribe();
    },
  };
}
