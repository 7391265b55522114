/** What an adapter needs of a Pocket. */
import type { Outcome } from "./outcome.ts";
import type { ToolInfo } from "./pocket-options.ts";

/** The part of a `Pocket` that agents use; whatever has it may stand in for one. */
export interface ToolProvider {
  tools(): Promise<readonly ToolInfo[]>;
  invoke(name: string, input: unknown, options?: { signal?: AbortSignal }): Promise<Outcome>;
}
