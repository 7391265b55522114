/** What is wrong with a component, or with a type or value of its interface. */

export const WIT_REFUSAL_REASONS = ["malformed", "unsupported", "too-complex", "invalid-value"] as const;
export type WitRefusalReason = (typeof WIT_REFUSAL_REASONS)[number];

/** Thrown by everything in this package; the message is a clause without a final period. */
export class WitRefusal extends Error {
  override readonly name = "WitRefusal";
  readonly reason: WitRefusalReason;
  /** Where in a value, as a JSON pointer; only of `invalid-value`. */
  readonly path: string | undefined;

  constructor(reason: WitRefusalReason, message: string, path?: string) {
    super(message);
    this.reason = reason;
    this.path = path;
  }
}
