/** Why a module cannot be metered, as an error with a reason that a program can read. */

/**
 * - `not-wasm`: the bytes are something else.
 * - `component`: a component of the component model, which is no core module.
 * - `truncated`: the bytes end early.
 * - `malformed`: the bytes break the binary format, or name what does not exist.
 * - `unsupported`: a section, type or instruction whose encoding is not known here, so it cannot be metered.
 * - `memory-limit`, `table-limit`: the module starts with more than it may ever have.
 * - `reserved-name`: the module exports a name that metering needs.
 */
export const REFUSAL_REASONS = [
  "not-wasm",
  "component",
  "truncated",
  "malformed",
  "unsupported",
  "memory-limit",
  "table-limit",
  "reserved-name",
] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** The module was not rewritten, and must not be run. `message` is a sentence for the tool's author. */
export class ModuleRefusal extends Error {
  override readonly name = "ModuleRefusal";
  readonly reason: RefusalReason;
  /** Where in the module's bytes, if it is one place. */
  readonly offset: number | undefined;

  constructor(reason: RefusalReason, message: string, offset?: number) {
    super(offset === undefined ? message : `${message} (at byte ${offset})`);
    this.reason = reason;
    this.offset = offset;
  }
}
