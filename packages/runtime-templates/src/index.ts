/** The public names of @toolpocket/runtime-templates. */
export { PAGE_SCRIPT, PYODIDE_FILES, WORKER_SCRIPTS } from "./guest-assets.ts";
export { decodeFrame, encodeFrame, type Frame } from "./protocol/frame.ts";
export type {
  GuestComponentProgram,
  GuestFile,
  GuestNodeProgram,
  GuestProgram,
  GuestPythonProgram,
  GuestRuntimeName,
  GuestWasmProgram,
} from "./protocol/guest-program.ts";
export {
  type FetchAnswer,
  type FetchRequest,
  type GuestCallMessage,
  type HostAnswerMessage,
  INITIAL_CREDIT_BYTES,
  MAX_CALLS,
  MAX_CHUNK_BYTES,
  MAX_OPEN_CALLS,
} from "./protocol/host-calls.ts";
export type { PageConfig } from "./protocol/page-config.ts";
export type { FromPage, ProgramHeader, ToPage } from "./protocol/page-messages.ts";
export {
  GUEST_FAILURE_CODES,
  type GuestFailureCode,
  type GuestLimits,
  type GuestMeasures,
} from "./protocol/worker-messages.ts";
export {
  readStorageChanges,
  STORAGE_ROOT,
  type StorageChange,
  type StorageEntry,
  type StorageImage,
} from "./protocol/storage.ts";
export { readGuestCall } from "./protocol/read-guest-call.ts";
export { PAGE_POLICY, renderPage, WORKER_POLICIES } from "./render-page.ts";
