/** The public names of @toolpocket/python-widget/state: types without a DOM, for a tool that can be shown. */
export type {
  PythonPackageInfo,
  PythonToolFailure,
  PythonToolInfo,
  PythonToolState,
  PythonToolStatus,
  Timestamp,
} from "./python-tool-state.ts";
