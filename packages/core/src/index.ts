/** The public names of @toolpocket/core. */
export {
  isPocketError,
  POCKET_ERROR_CODES,
  PocketError,
  type PocketErrorCode,
  type PocketErrorOptions,
  withoutCredentials,
} from "./errors.ts";
export type { Invoker, RunMeasures, RunnableTool, RunRequest, RunResult, RunStreams } from "./invoker.ts";
export { isJsonObject, type JsonObject, type JsonPrimitive, type JsonSchema, type JsonValue } from "./json.ts";
export {
  DEFAULT_MAX_MEMORY_BYTES,
  DEFAULT_MAX_OUTPUT_BYTES,
  DEFAULT_TIMEOUT_MS,
  type Limits,
  parseDurationMs,
  type ResolvedLimits,
  resolveLimits,
} from "./limits.ts";
export {
  type FailedOutcome,
  type OkOutcome,
  OUTCOME_CODES,
  type Outcome,
  type OutcomeCode,
  type OutcomeError,
  toOutcomeError,
  type Usage,
} from "./outcome.ts";
export type { Permissions } from "./permissions.ts";
export type { BrokenTool, PocketOptions, ProgressEvent, ToolInfo } from "./pocket-options.ts";
export type {
  NodeEntry,
  NodeProgram,
  Program,
  PythonEntry,
  PythonProgram,
  Runtime,
  ToolFiles,
  Wheel,
} from "./program.ts";
export type { FunctionSource, GitResolution, GitSource, LocalSource, Source } from "./source/source.ts";
export {
  type FunctionDefinition,
  fromFunction,
  fromGit,
  fromLocal,
  type GitRequestOptions,
  type OutputMapper,
  type ToolRequest,
  type ToolRequestOptions,
  type ToolRequestTarget,
} from "./tool-request.ts";
