/** The public names of @toolpocket/core. */
export { type Audit, type Audited, openAudit } from "./audit/audit-file.ts";
export { comparePermissions, isEmptyPermissions, type PermissionChange } from "./compare-permissions.ts";
export { type ContractError, type ContractResponse, decodeResponse } from "./contract/decode-response.ts";
export { CONTRACT_VERSION, encodeRequest, type EncodeRequestOptions } from "./contract/encode-request.ts";
export { coversPermission, findUngranted, joinPermissions, selectEntries } from "./cover-permissions.ts";
export { diffDefinition, digestDefinition, type ToolDefinition } from "./definition.ts";
export {
  isPocketError,
  POCKET_ERROR_CODES,
  PocketError,
  type PocketErrorCode,
  type PocketErrorOptions,
  withoutCredentials,
} from "./errors.ts";
export { describeFailure } from "./describe-failure.ts";
export type { ExternalDefinition, ExternalResult } from "./external-tool.ts";
export { FailedOutcomeError } from "./failed-outcome-error.ts";
export type { FetchedTree, WantedTree } from "./git/fetched-tree.ts";
export {
  createGitFetcher,
  DEFAULT_FETCH_TIMEOUT_MS,
  DEFAULT_MAX_FETCH_BYTES,
  type GitFetcher,
  type GitFetcherOptions,
} from "./git/git-fetcher.ts";
export type { NetworkGrants, ResolvedGrants, StorageGrant } from "./grants.ts";
export { type HostAnswer, type HostCall, HostCallError, type HostService } from "./host-service.ts";
export type {
  Invoker,
  InvokerSession,
  InvokerStats,
  RunMeasures,
  RunnableTool,
  RunRequest,
  RunResult,
  RunStreams,
  SessionRunResult,
} from "./invoker.ts";
export { isJsonObject, type JsonObject, type JsonPrimitive, type JsonSchema, type JsonValue } from "./json.ts";
export {
  DEFAULT_FUEL,
  DEFAULT_MAX_INPUT_BYTES,
  DEFAULT_MAX_MEMORY_BYTES,
  DEFAULT_MAX_OUTPUT_BYTES,
  DEFAULT_TIMEOUT_MS,
  DEFAULT_WASM_MAX_MEMORY_BYTES,
  type Limits,
  parseDurationMs,
  type ResolvedLimits,
  resolveLimits,
} from "./limits.ts";
export { type EjectedTool, ejectTool, type EjectToolOptions, type SettingsEdit } from "./lockfile/eject.ts";
export { type HeldLock, holdLock } from "./lockfile/hold-lock.ts";
export { formatLockfile } from "./lockfile/format-lockfile.ts";
export type { FileChange, LockChange, PackageChange } from "./lockfile/lock-change.ts";
export { DEFAULT_LOCKFILE } from "./lockfile/lock-context.ts";
export type {
  GitLockEntry,
  LocalLockEntry,
  LockEntry,
  Lockfile,
  PinnedLockEntry,
  RemoteLockEntry,
  RepositoryPin,
} from "./lockfile/lock-entry.ts";
export { readLockfile, updateLockfile } from "./lockfile/lockfile-on-disk.ts";
export { parseLockfile } from "./lockfile/parse-lockfile.ts";
export { syncLock, type SyncLockOptions, type SyncReport, type ToolWarning } from "./lockfile/sync.ts";
export type { ReportedFailure } from "./lockfile/tool-failure.ts";
export { updateLock, type UpdateLockOptions } from "./lockfile/update.ts";
export { type VerifiedTool, verifyLock, type VerifyReport, type VerifyState } from "./lockfile/verify.ts";
export type { VerifiedSession } from "./lockfile/verify-packages.ts";
export { createProgram, type ProgramContent } from "./manifest/create-program.ts";
export type { Manifest, ManifestAuth } from "./manifest/manifest.ts";
export { type ComponentImport, IMPORT_STATES, type ImportState } from "./component/classify-imports.ts";
export type { ComponentTool, ComponentTools } from "./component/component-tools.ts";
export type { ComponentEntry } from "./manifest/component-entry.ts";
export type { WasmEntry, WasmModule } from "./manifest/wasm-entry.ts";
export { listOptionalVariables } from "./manifest/optional-variables.ts";
export { readManifest, type ReadManifestOptions } from "./manifest/read-manifest.ts";
export { isToolName, toToolName } from "./manifest/tool-name.ts";
export { isInstallable, parseWheelName, type WheelName } from "./manifest/wheel-name.ts";
export { type HostAccess, type HostCredentials, type HostDirectory, NO_HOSTS, toBasic } from "./modules/host-access.ts";
export {
  createModuleFetcher,
  DEFAULT_MAX_MODULE_BYTES,
  DEFAULT_MODULE_TIMEOUT_MS,
  type FetchedContent,
  type FetchedModule,
  type FetchModuleOptions,
  type ModuleFetcher,
  type ModuleFetcherOptions,
} from "./modules/module-fetcher.ts";
export { createHostDirectory } from "./modules/host-directory.ts";
export { DEFAULT_PUSH_TIMEOUT_MS, type PushedTool, pushTool, type PushToolOptions } from "./modules/push-tool.ts";
export { describeModule } from "./modules/describe-module.ts";
export { createHttpClient, type HttpAnswer, readBody } from "./modules/http-client.ts";
export { shareWork } from "./modules/share-work.ts";
export { nearestHint, nearestName } from "./nearest.ts";
export { decideNetwork, type NetworkDecision, smallestGrant } from "./network/decide-network.ts";
export { formatNetworkRule } from "./network/format-network-rule.ts";
export { hostOfUrl } from "./network/host-name.ts";
export {
  coversNetworkRule,
  deniesNetworkRequest,
  matchNetworkRule,
  type NetworkRequest,
  portOfUrl,
} from "./network/match-network-rule.ts";
export type { NetworkRule } from "./network/network-rule.ts";
export { type NetworkRuleFault, parseNetworkRule, readNetworkRule } from "./network/parse-network-rule.ts";
export { isPublicAddress } from "./network/public-address.ts";
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
export type {
  PackagePin,
  PackagePlace,
  PackageWheel,
  PackageWorkOptions,
  PythonPackages,
  PythonPackagesFactory,
} from "./packages/python-packages.ts";
export { PERMISSION_KINDS, type PermissionKind, type Permissions } from "./permissions.ts";
export type { BrokenTool, PocketOptions, ProgressEvent, ToolInfo } from "./pocket-options.ts";
export type { InvokeOptions } from "./pocket/invoke.ts";
export { shapeOutcome, type ShapeOutcomeOptions } from "./pocket/shape-outcome.ts";
export {
  type ApprovalOptions,
  DEFAULT_APPROVAL_TIMEOUT_MS,
  type PendingCall,
  type WantedCall,
} from "./session/approval.ts";
export type { Session, SessionRunOptions } from "./session/session.ts";
export {
  DEFAULT_MAX_CALLS,
  DEFAULT_MAX_CONCURRENT_CALLS,
  DEFAULT_MAX_FILE_BYTES,
  DEFAULT_SESSION_TTL_MS,
  type SessionLimits,
  type SessionOptions,
  type SessionOutput,
  type SessionPackage,
} from "./session/session-options.ts";
export type { SessionError, SessionOutcome } from "./session/session-outcome.ts";
export type { InstalledPackage } from "./session/session-packages.ts";
export type { SessionFile } from "./session/session-report.ts";
export type { SessionCall } from "./session/session-tools.ts";
export { type InvokerContext, Pocket } from "./pocket/pocket.ts";
export type {
  DenialEvent,
  EventOrigin,
  InvocationEvent,
  PocketEvents,
  PocketEventType,
  PocketListener,
  RequestEvent,
} from "./pocket/pocket-events.ts";
export type {
  ContractAuth,
  ContractContext,
  NodeEntry,
  ComponentProgram,
  NodeProgram,
  Program,
  PythonEntry,
  PythonProgram,
  SessionEntry,
  Runtime,
  ToolFiles,
  WasmProgram,
  Wheel,
} from "./program.ts";
export type { DeadLetter } from "./retry/dead-letter.ts";
export {
  DEFAULT_BACKOFF_MS,
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_MAX_BACKOFF_MS,
  type Jitter,
  type ResolvedRetry,
  resolveRetry,
  type Retry,
} from "./retry/retry.ts";
export type { Denial, RunEvent } from "./run-events.ts";
export { bindSecret, type BindSecretOptions, type SecretBinding } from "./secrets/bind-secret.ts";
export type { BoundSecret } from "./secrets/bound-secret.ts";
export { createRedactor, type Redactor } from "./secrets/redactor.ts";
export { createPlaceholder, PLACEHOLDER_PREFIX } from "./secrets/seal-secrets.ts";
export {
  isSecretName,
  isSecretReference,
  secret,
  type SecretOptions,
  type SecretReference,
  type VariableValue,
} from "./secrets/secret-reference.ts";
export { DEFAULT_SECRET_TIMEOUT_MS, describeSecretSource, type SecretSource } from "./secrets/secret-source.ts";
export { removeTool, setTool } from "./settings/edit-settings.ts";
export { DEFAULT_SETTINGS, readSettings, type ReadSettingsOptions, SECRETS_FILE } from "./settings/read-settings.ts";
export { renderAllow, toAllowTable } from "./settings/render-allow.ts";
export { renderToolVars, toToolVarsTable } from "./settings/render-tool-vars.ts";
export type { PythonSettings, Settings, ToolSettings, ToolTarget } from "./settings/settings.ts";
export { toToolRequests } from "./settings/to-tool-requests.ts";
export { hasInvisible, showInvisible } from "./show-invisible.ts";
export { formatSource, type FormatSourceOptions } from "./source/format-source.ts";
export { locateSource } from "./source/locate-source.ts";
export { parseSource } from "./source/parse-source.ts";
export type {
  FunctionSource,
  GitResolution,
  GitSource,
  LocalSource,
  RemoteResolution,
  RemoteSource,
  Source,
} from "./source/source.ts";
export { coversStorage } from "./storage/covers-storage.ts";
export { resolveStorageGrants, type ResolveStorageGrantsOptions } from "./storage/resolve-storage-grants.ts";
export { parseStorageEntry, type StorageEntry } from "./storage/storage-entry.ts";
export { storageHome } from "./storage/storage-home.ts";
export { digestTree } from "./store/digest-tree.ts";
export { readFolder } from "./store/read-folder.ts";
export { DEFAULT_MAX_TREE_BYTES, DEFAULT_MAX_TREE_FILES, type TreeLimits } from "./store/tree-rules.ts";
export { describeUnsafePath } from "./store/tree-rules.ts";
export { openStore, type OpenStoreOptions, type Store } from "./store/store.ts";
export { storeHome } from "./store/store-home.ts";
export type { ToolProvider } from "./tool-provider.ts";
export { openTable, type TablePlace, type TableReader } from "./tables/table-reader.ts";
export {
  type FunctionDefinition,
  fromExternal,
  fromFunction,
  fromGit,
  fromLocal,
  fromOci,
  fromUrl,
  type GitRequestOptions,
  type ModuleDescription,
  type ModuleRequestOptions,
  type OutputMapper,
  type ToolRequest,
  type ToolRequestOptions,
  type ToolRequestTarget,
} from "./tool-request.ts";
export { parseToml, type TomlTable, type TomlValue } from "./toml.ts";
export { describeFaults, type InputCheck, type InputFault } from "./validation/input-check.ts";
export { createInputValidator, type InputValidator } from "./validation/input-validator.ts";
export { findEntryFault } from "./tables/permissions-table.ts";
export { type BoundVariables, resolveVariables, type Variables } from "./variables.ts";
