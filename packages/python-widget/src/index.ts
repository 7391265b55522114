/** The public names of @toolpocket/python-widget. */
export type { DashboardSummary } from "./dashboard-summary.ts";
export { DEFAULT_REFRESH_MS, definePocketPython, PocketPythonElement } from "./pocket-python-element.ts";
export type {
  PythonPackageInfo,
  PythonToolFailure,
  PythonToolInfo,
  PythonToolState,
  PythonToolStatus,
  Timestamp,
} from "./state.ts";
