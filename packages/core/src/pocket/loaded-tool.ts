/** A loaded tool: everything that an invocation needs of it. */
import type { ComponentTool } from "../component/component-tools.ts";
import type { PocketError } from "../errors.ts";
import type { ExternalDefinition } from "../external-tool.ts";
import type { JsonSchema } from "../json.ts";
import type { RunnableTool } from "../invoker.ts";
import type { ResolvedLimits } from "../limits.ts";
import type { BrokenTool, ToolInfo } from "../pocket-options.ts";
import type { ResolvedRetry } from "../retry/retry.ts";
import type { SecretBinding } from "../secrets/bind-secret.ts";
import type { FunctionDefinition, OutputMapper } from "../tool-request.ts";
import type { InputValidator } from "../validation/input-validator.ts";

interface CallableTool {
  readonly info: ToolInfo;
  readonly validate: InputValidator;
  /** Of the value that a call gives, before mappers. */
  readonly outputSchema?: JsonSchema;
  readonly mappers: readonly OutputMapper[];
}

/** Somebody else's code: runs in the invoker. */
export interface SandboxedTool extends CallableTool {
  readonly kind: "sandboxed";
  readonly runnable: RunnableTool;
  /** Under which name of `[tools]` the user says more of it: the tools of a component share one. */
  readonly table: string;
  /** The function that it is, where its program is a component. */
  readonly component?: ComponentTool;
  readonly retry: ResolvedRetry;
  /** Whether it takes text that is no JSON object too: a wasm tool that says nothing of its input. */
  readonly takesText: boolean;
  /** The tool's variables, bound; those that are secrets are not among them. */
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretBinding[];
  /** Names of the host's environment variables that the user granted. */
  readonly grantedEnvironment: readonly string[];
}

/** The user's own code: runs in this process. */
export interface FunctionTool extends CallableTool {
  readonly kind: "function";
  readonly definition: FunctionDefinition;
  readonly limits: ResolvedLimits;
}

/** A tool that somebody else runs. */
export interface ExternalTool extends CallableTool {
  readonly kind: "external";
  readonly definition: ExternalDefinition;
  readonly limits: ResolvedLimits;
}

/** A tool that cannot be called, listed with its reason. */
export interface UnusableTool {
  readonly kind: "broken";
  readonly broken: BrokenTool;
  readonly error: PocketError;
}

export type LoadedTool = SandboxedTool | FunctionTool | ExternalTool | UnusableTool;

/** The place of a tool in a Pocket: a local one is read again when its folder changes. */
export interface ToolSlot {
  readonly name: string;
  current(): Promise<LoadedTool>;
}
