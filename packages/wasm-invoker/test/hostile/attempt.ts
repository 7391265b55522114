/** What an attempt is, and how one is written. */
import type { OutcomeCode } from "@toolpocket/core";

export interface Attempt {
  readonly id: string;
  readonly runtime: "python" | "node";
  /** Python statements, or the body of an asynchronous JavaScript function that returns what it got hold of. */
  readonly code: string;
  /** How the run must end. Without it: in any way, in time, without a breach. */
  readonly ends?: readonly OutcomeCode[];
  readonly timeoutMs?: number;
}

/**
 * What an attempt finds (see hostile.e2e.test.ts): `CANARY`, the port of a server on loopback that nobody may reach; in
 * JavaScript `real`, the worker's own global object, and `take(name)`, whatever of that name can be got hold of; in python
 * `js`, `make(fields, **more)`, a JavaScript object, and `none`, an empty array of bytes.
 */
export const python = (id: string, code: string, more: Partial<Attempt> = {}): Attempt => ({
  id,
  runtime: "python",
  code,
  ...more,
});
/** An attempt in JavaScript. */
export const node = (id: string, code: string, more: Partial<Attempt> = {}): Attempt => ({
  id,
  runtime: "node",
  code,
  ...more,
});
