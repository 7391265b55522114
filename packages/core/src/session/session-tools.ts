/** The tools as the code of a session calls them: each call is checked, counted and made here, on the host. */
import { isPocketError } from "../errors.ts";
import { HostCallError, type HostCall, type HostService } from "../host-service.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { isNestedDeeper } from "../json-depth.ts";
import { nearestHint } from "../nearest.ts";
import type { Outcome } from "../outcome.ts";
import type { Approval } from "./approval.ts";
import { readBody } from "./read-body.ts";

/** Arguments of one call, in bytes. */
const MAX_ARGUMENT_BYTES = 16_777_216;
/** Nesting of arguments that is refused. */
const MAX_ARGUMENT_DEPTH = 500;

/** A call that code has made, in the order in which they began. */
export interface SessionCall {
  readonly tool: string;
  readonly status: "ok" | "error" | "denied" | "aborted";
  /** Of the outcome, or of the refusal; absent where the status is ok. */
  readonly code?: string;
  /** From the call to its end, waiting included. */
  readonly durationMs: number;
}

export interface SessionToolsOptions {
  /** Names of the tools that may be called. */
  readonly tools: ReadonlySet<string>;
  readonly maxCalls: number;
  readonly maxConcurrentCalls: number;
  readonly approve: Approval;
  /** The outcome of a call whose input is not valid, before anybody is asked for approval. */
  refuse?(name: string, input: JsonValue): Promise<Outcome | undefined>;
  invoke(name: string, input: JsonValue, options: { signal: AbortSignal }): Promise<Outcome>;
}

/** The tools for one run. */
export interface SessionTools {
  readonly service: HostService;
  /** The calls so far; one that is under way counts as aborted. */
  list(): readonly SessionCall[];
}

export function createSessionTools(options: SessionToolsOptions): SessionTools {
  const calls: SessionCall[] = [];
  const waiting: (() => void)[] = [];
  let entered = 0;
  let counted = 0;

  async function enter(signal: AbortSignal): Promise<void> {
    if (entered < options.maxConcurrentCalls) entered += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    if (!signal.aborted) return;
    leave();
    signal.throwIfAborted();
  }
  /** Hands the place over to the next one who waits. */
  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else entered -= 1;
  }

  async function call(tool: string, { request, body, ...context }: HostCall): Promise<Outcome> {
    const input = await readArguments(request, body);
    if (!options.tools.has(tool)) {
      const known = [...options.tools];
      throw new HostCallError("unknown_tool", `there is no tool "${tool}" here${nearestHint(tool, known)}`);
    }
    const refused = await reached(async () => options.refuse?.(tool, input));
    if (refused !== undefined) return refused;
    await options.approve({ tool, input }, context);
    await enter(context.signal);
    try {
      return await reached(async () => options.invoke(tool, input, { signal: context.signal }));
    } finally {
      leave();
    }
  }

  return {
    async service(hostCall) {
      const tool = isJsonObject(hostCall.request) ? hostCall.request["tool"] : undefined;
      if (typeof tool !== "string") throw new HostCallError("invalid_input", "the call names no tool");
      counted += 1;
      if (counted > options.maxCalls) {
        throw new HostCallError("quota_exceeded", `a run may call tools ${options.maxCalls} times`);
      }
      const started = performance.now();
      const index = calls.push({ tool: tool.slice(0, 200), status: "aborted", durationMs: 0 }) - 1;
      const end = (how: Pick<SessionCall, "status" | "code">): void => {
        calls[index] = { tool: tool.slice(0, 200), ...how, durationMs: performance.now() - started };
      };
      try {
        const outcome = await call(tool, hostCall);
        end(outcome.status === "ok" ? { status: "ok" } : { status: outcome.status, code: outcome.error.code });
        return { answer: toAnswer(outcome) };
      } catch (error) {
        end(hostCall.signal.aborted ? { status: "aborted" } : toRefusal(error));
        throw error;
      }
    },
    list: () => [...calls],
  };
}

/** @throws HostCallError "tool_unavailable" where the tool itself is broken */
async function reached<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isPocketError(error)) throw new HostCallError("tool_unavailable", error.message, { cause: error });
    throw error;
  }
}

function toRefusal(error: unknown): Pick<SessionCall, "status" | "code"> {
  const code = error instanceof HostCallError ? error.code : "internal";
  return { status: code.startsWith("approval_") || code === "unknown_tool" ? "denied" : "error", code };
}

async function readArguments(request: JsonValue, body: AsyncIterable<Uint8Array>): Promise<JsonValue> {
  const inline = isJsonObject(request) ? request["arguments"] : undefined;
  const text = typeof inline === "string" ? inline : (await readBody(body, MAX_ARGUMENT_BYTES)).toString("utf8");
  if (isNestedDeeper(text, MAX_ARGUMENT_DEPTH)) {
    throw new HostCallError("invalid_input", `the arguments are nested deeper than ${MAX_ARGUMENT_DEPTH} levels`);
  }
  try {
    const input: JsonValue = JSON.parse(text);
    return input;
  } catch (error) {
    throw new HostCallError("invalid_input", "the arguments are not JSON", { cause: error });
  }
}

/** What the code gets: the content, with its structure where it has one; or why there is none. */
function toAnswer(outcome: Outcome): JsonValue {
  if (outcome.status === "ok") return { value: outcome.value ?? readStructure(outcome.output) };
  const { code, message, retryable, details } = outcome.error;
  return { error: { code, message, retryable, ...(details && { details }) } };
}

/** Script tools write their result: an object or a list is taken for what it says, other text stays text. */
function readStructure(output: string): JsonValue {
  const text = output.trim();
  if (!/^[[{]/u.test(text) || isNestedDeeper(text, MAX_ARGUMENT_DEPTH)) return output;
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return output;
  }
}
