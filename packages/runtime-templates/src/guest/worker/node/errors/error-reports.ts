/** The errors that the engine reports to the worker's global scope, and where it says that they stand. */
import { nativeAddEventListener, nativeReportError } from "../worker-natives.ts";

export interface ReportedPosition {
  readonly line: number;
  readonly column: number;
}

let onlyLocate: ((event: ErrorEvent) => void) | undefined;

/** Calls `onError` for each error that nothing has caught. Must be called before the lockdown. */
export function listenForErrors(onError: (error: unknown) => void): void {
  nativeAddEventListener("error", (event) => {
    event.preventDefault();
    const report = event as ErrorEvent;
    if (onlyLocate) onlyLocate(report);
    else onError(report.error);
  });
}

/** Where the engine says that `error` comes from: for a syntax error, the place in the evaluated text that it could not read. */
export function locateByReport(error: Error): ReportedPosition | undefined {
  let position: ReportedPosition | undefined;
  onlyLocate = ({ lineno, colno }) => {
    position = { line: lineno, column: colno };
  };
  try {
    nativeReportError(error);
  } finally {
    onlyLocate = undefined;
  }
  return position;
}
