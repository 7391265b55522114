/** One `tools/call`: the Pocket's outcome as MCP's result, with progress and cancellation. */
import {
  describeFailure,
  isJsonObject,
  isPocketError,
  type OkOutcome,
  type Outcome,
  type PocketError,
  type ProgressEvent,
} from "@toolpocket/core";
import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { PocketHandle } from "../pocket-handle.ts";

/** Under this key of a failed result's `_meta` stands the outcome's `error`: code, reason, message, retryable, details. */
export const ERROR_META_KEY = "toolpocket/error";

/**
 * Calls the tool and gives what came of it. An outcome that is not `ok`, and a set-up that is wrong, are results with
 * `isError`, for the model to read.
 * @throws ProtocolError of invalid params when there is no such tool; the signal's reason when the client cancels.
 */
export async function callTool(
  handle: PocketHandle,
  { name, input }: { name: string; input: unknown },
  context: ServerContext,
): Promise<CallToolResult> {
  const { signal } = context.mcpReq;
  const stop = forwardProgress(handle, context);
  try {
    return toResult(name, await handle.pocket.invoke(name, input, { signal }));
  } catch (error) {
    signal.throwIfAborted();
    if (!isPocketError(error)) throw error;
    if (error.code !== "ERR_POCKET_TOOL_UNKNOWN") return toErrorResult(error);
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message);
  } finally {
    stop();
  }
}

function toResult(name: string, outcome: Outcome): CallToolResult {
  if (outcome.status === "ok") return toOkResult(outcome);
  return {
    isError: true,
    content: [{ type: "text", text: describeFailure(name, outcome) }],
    _meta: { [ERROR_META_KEY]: outcome.error },
  };
}

/** What is wrong with the set-up, with what a person can do about it. */
export function toErrorResult({ code, message, hint }: PocketError): CallToolResult {
  const text = hint === undefined ? `${message} (${code})` : `${message} (${code})\nTell the user: ${hint}`;
  return { isError: true, content: [{ type: "text", text }], _meta: { [ERROR_META_KEY]: { code, message, hint } } };
}

/** Clients of the 2025 revisions take objects only as structured content. */
function toOkResult({ output, value }: OkOutcome): CallToolResult {
  return { content: [{ type: "text", text: output }], ...(isJsonObject(value) && { structuredContent: value }) };
}

/** Tells a client that asked for it each step of a cold start. What is underway may be for another call, too. */
function forwardProgress(handle: PocketHandle, { mcpReq }: ServerContext): () => void {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => {};
  let progress = 0;
  return handle.onProgress((event) => {
    progress += 1;
    const params = { progressToken, progress, message: describeStep(event) };
    // A client that has gone is told nothing.
    mcpReq.notify({ method: "notifications/progress", params }).catch(() => {});
  });
}

function describeStep({ stage, subject, state }: ProgressEvent): string {
  return `${stage}${subject === undefined ? "" : ` ${subject}`}: ${state}`;
}
