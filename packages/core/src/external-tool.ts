/** The port for tools that others run: MCP servers. Their code is not sandboxed here; what they say of themselves is pinned. */
import type { JsonSchema, JsonValue } from "./json.ts";

/** What came of one call, as the one who ran it tells it. */
export type ExternalResult =
  | { readonly ok: true; readonly output: string; readonly value?: JsonValue }
  | { readonly ok: false; readonly message: string; readonly retryable?: boolean };

export interface ExternalDefinition {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  /** Of `value`, which each call is held to. What is no schema is taken for none. */
  readonly outputSchema?: JsonSchema;
  /** Who runs it, on one line, for the list and the lock: for example "mcp+https://tools.example/mcp#search". No secrets. */
  readonly origin: string;
  /** Whether a definition that differs from the locked one is taken, and locked. @defaultValue false */
  readonly acceptChange?: boolean;
  /** Rejects with the signal's reason when that fires: a deadline, or a caller who gave up. What else it throws is an outcome. */
  run(input: JsonValue, context: { readonly signal: AbortSignal; readonly timeoutMs: number }): Promise<ExternalResult>;
  /** Frees what its calls use; the Pocket calls it when it is closed. */
  close?(): Promise<void>;
}
