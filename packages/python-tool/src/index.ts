/** The public names of @toolpocket/python-tool. */
export type { PythonToolState } from "@toolpocket/python-widget/state";
export { PYTHON_TOOL_NAMES, type PythonToolName, type ToolDeclaration } from "./declarations.ts";
export { fromPythonTool } from "./from-python-tool.ts";
export { DEFAULT_READY_TIMEOUT_MS, type SessionPlace } from "./python-runtime.ts";
export { createPythonTool, type PythonTool, type PythonToolOptions } from "./python-tool.ts";
export type { ExecutionResult, FailedResult, InstallResult, ListResult, ToolResult } from "./result.ts";
export {
  DEFAULT_MAX_WORKSPACE_BYTES,
  DEFAULT_MAX_WORKSPACE_FILES,
  type SyncedChanges,
  type WorkspaceOptions,
} from "./workspace/workspace-options.ts";
