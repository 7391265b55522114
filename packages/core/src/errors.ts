/** The errors of a wrong set-up. What a tool or its call causes is an outcome, see outcome.ts. */

/** Every code a `PocketError` may have. Each has a line in docs/errors.md and a test that names it. */
export const POCKET_ERROR_CODES = [
  "ERR_POCKET_SOURCE_INVALID",
  "ERR_POCKET_SOURCE_UNREACHABLE",
  "ERR_POCKET_REF_NOT_FOUND",
  "ERR_POCKET_PATH_NOT_FOUND",
  "ERR_POCKET_TREE_REFUSED",
  "ERR_POCKET_MODULE_REFUSED",
  "ERR_POCKET_PUSH_REFUSED",
  "ERR_POCKET_FETCH_TIMEOUT",
  "ERR_POCKET_GIT_MISSING",
  "ERR_POCKET_OFFLINE",
  "ERR_POCKET_STORE",
  "ERR_POCKET_INTEGRITY",
  "ERR_POCKET_LOCK_INVALID",
  "ERR_POCKET_LOCK_VERSION",
  "ERR_POCKET_LOCK_FROZEN",
  "ERR_POCKET_LOCK_BUSY",
  "ERR_POCKET_LOCK_WRITE",
  "ERR_POCKET_SYNC_FAILED",
  "ERR_POCKET_UPDATE_REFUSED",
  "ERR_POCKET_DEFINITION_CHANGED",
  "ERR_POCKET_MANIFEST_INVALID",
  "ERR_POCKET_COMPONENT_REFUSED",
  "ERR_POCKET_TOOL_BROKEN",
  "ERR_POCKET_TOOL_DUPLICATE",
  "ERR_POCKET_TOOL_UNKNOWN",
  "ERR_POCKET_VARIABLE_UNKNOWN",
  "ERR_POCKET_SECRET_UNBOUND",
  "ERR_POCKET_SETTINGS_INVALID",
  "ERR_POCKET_SETTINGS_WRITE",
  "ERR_POCKET_STORAGE_INVALID",
  "ERR_POCKET_AUDIT_WRITE",
  "ERR_POCKET_STORAGE_FOLDER",
  "ERR_POCKET_PACKAGE_INVALID",
  "ERR_POCKET_PACKAGE_NOT_FOUND",
  "ERR_POCKET_PACKAGE_CONFLICT",
  "ERR_POCKET_PACKAGE_REFUSED",
  "ERR_POCKET_FIXTURE_INVALID",
  "ERR_POCKET_FILE_EXISTS",
  "ERR_POCKET_BROWSER_MISSING",
  "ERR_POCKET_BROWSER_START",
  "ERR_POCKET_INVOKER_MISSING",
  "ERR_POCKET_CLOSED",
  "ERR_POCKET_SESSION_LIMIT",
  "ERR_POCKET_SESSION_START",
  "ERR_POCKET_SESSION_FILE",
  "ERR_POCKET_SERVER_START",
  "ERR_POCKET_DEAD_LETTERS",
  "ERR_POCKET_USAGE",
] as const;

export type PocketErrorCode = (typeof POCKET_ERROR_CODES)[number];

export interface PocketErrorOptions {
  /** What to do about it: an imperative, best a command. */
  hint?: string;
  /** Machine-readable facts: the file, the key, the tool. Never a secret. */
  details?: Record<string, unknown>;
  cause?: unknown;
}

const BRAND = Symbol.for("toolpocket.PocketError");

/** The set-up is wrong: `message` says what failed and where, `hint` what to do. Credentials in URLs are removed. */
export class PocketError extends Error {
  override readonly name = "PocketError";
  readonly code: PocketErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: PocketErrorCode, message: string, options: PocketErrorOptions = {}) {
    super(withoutCredentials(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint === undefined ? undefined : withoutCredentials(options.hint);
    this.details = options.details ?? {};
    Object.defineProperty(this, BRAND, { value: true });
  }

  toJSON(): Record<string, unknown> {
    return { name: this.name, code: this.code, message: this.message, hint: this.hint, details: this.details };
  }
}

/** Whether `error` is a `PocketError`, also one made by another copy of this package. */
export function isPocketError(error: unknown): error is PocketError {
  return typeof error === "object" && error !== null && BRAND in error;
}

/** `text` with the `user:password@` of every URL in it removed. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]+@/giu, "$1");
}
