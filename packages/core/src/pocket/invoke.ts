/** One invocation, as its stages: find, check, bind, run, shape, map. */
import { PocketError } from "../errors.ts";
import type { Invoker } from "../invoker.ts";
import { toBrokenError } from "../lockfile/broken-tool.ts";
import { nearestHint } from "../nearest.ts";
import { type Outcome, toOutcomeError } from "../outcome.ts";
import type { PocketOptions } from "../pocket-options.ts";
import { callWithRetries } from "../retry/call-with-retries.ts";
import { toDeadLetter } from "../retry/dead-letter.ts";
import { describeFaults, type InputCheck, type InputFault, toFaultDetails } from "../validation/input-check.ts";
import { readInputText } from "../validation/input-text.ts";
import { readJsonInput } from "../validation/json-input.ts";
import type { SecretResolver } from "../secrets/secret-resolver.ts";
import type { ExternalTool, FunctionTool, SandboxedTool, ToolSlot } from "./loaded-tool.ts";
import { checkOutput } from "./check-output.ts";
import { mapOutput } from "./map-output.ts";
import type { EventSource } from "./pocket-events.ts";
import { runExternal } from "./run-external.ts";
import { runFunction } from "./run-function.ts";
import { runSandboxed, type SandboxedCall } from "./run-sandboxed.ts";
import { toFailure } from "./shape-outcome.ts";
import { type InvocationWatch, watchInvocation } from "./watch-invocation.ts";

export interface InvokeOptions {
  /** Ends the invocation: it rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Deadline of this call in milliseconds, in the place of the tool's own. */
  timeoutMs?: number;
}

export interface Invocation extends InvokeOptions {
  readonly name: string;
  readonly input: unknown;
}

/** What invocations run on. */
export interface InvocationHost {
  readonly slots: ReadonlyMap<string, ToolSlot>;
  /** Asked for at the first input that is valid and goes to a sandboxed tool. */
  readonly openInvoker: () => Promise<Invoker>;
  readonly secrets: SecretResolver;
  readonly events: EventSource;
  /** Fires when the Pocket is closed. */
  readonly closing: AbortSignal;
  readonly onDeadLetter?: PocketOptions["onDeadLetter"];
}

/**
 * The outcome of one call.
 * @throws PocketError ERR_POCKET_TOOL_UNKNOWN, ERR_POCKET_TOOL_BROKEN, or what the invoker throws; the signal's reason.
 */
export async function invokeTool(host: InvocationHost, invocation: Invocation): Promise<Outcome> {
  const watch = watchInvocation(host.events, invocation);
  try {
    const outcome = await callTool(host, invocation, watch);
    watch.end(outcome);
    return outcome;
  } catch (error) {
    watch.fail(error);
    throw error;
  }
}

/**
 * The outcome that a call would have because of its input alone; undefined where that is valid.
 * @throws PocketError as `invokeTool()`.
 */
export async function refuseInput(
  { slots }: Pick<InvocationHost, "slots">,
  { name, input }: Pick<Invocation, "name" | "input">,
): Promise<Outcome | undefined> {
  const started = performance.now();
  const checked = checkInput(await findTool(slots, name), input);
  return checked.ok ? undefined : toInvalidInput(name, checked.faults, started);
}

async function callTool(host: InvocationHost, invocation: Invocation, watch: InvocationWatch): Promise<Outcome> {
  const started = performance.now();
  const tool = await findTool(host.slots, invocation.name);
  watch.found(tool.info.runtime);
  const checked = checkInput(tool, invocation.input);
  if (!checked.ok) return toInvalidInput(invocation.name, checked.faults, started);
  const { value: input, json: inputJson, text: inputText } = checked;
  const call = { ...invocation, input, inputJson, ...(inputText !== undefined && { inputText }) };
  const outcome =
    tool.kind === "function"
      ? await callFunction(host, tool, call)
      : tool.kind === "external"
        ? await callExternal(host, tool, call)
        : await callSandboxed(host, tool, { ...call, onEvent: watch.onEvent });
  return mapOutput(outcome, tool.mappers);
}

function toInvalidInput(name: string, faults: readonly InputFault[], started: number): Outcome {
  const message = `the input of "${name}" is not valid: ${describeFaults(faults)}`;
  const usage = { durationMs: performance.now() - started, coldStart: false };
  return toFailure(toOutcomeError("invalid_input", message, { details: toFaultDetails(faults) }), usage);
}

type CheckedInvocation = Invocation & Pick<SandboxedCall, "input" | "inputJson" | "inputText">;

type UsableTool = SandboxedTool | FunctionTool | ExternalTool;

async function findTool(slots: InvocationHost["slots"], name: string): Promise<UsableTool> {
  const slot = slots.get(name);
  if (slot === undefined) {
    const known = [...slots.keys()];
    throw new PocketError("ERR_POCKET_TOOL_UNKNOWN", `there is no tool "${name}"${nearestHint(name, known)}`, {
      hint: known.length === 0 ? "add one, for example with `pocket add`" : `call one of ${known.join(", ")}`,
      details: { tool: name, known },
    });
  }
  const tool = await slot.current();
  if (tool.kind === "broken") throw toBrokenError(tool.broken, tool.error);
  return tool;
}

/** The input as JSON, and as text where it came so. */
function checkInput(tool: UsableTool, input: unknown): InputCheck & { readonly text?: string } {
  if (typeof input !== "string") return tool.validate(input);
  const { value, text } = readInputText(input);
  const isText = typeof value === "string" && text !== undefined;
  const takesText = isText && tool.kind === "sandboxed" && tool.takesText;
  const checked = takesText ? readJsonInput(value, tool.runnable.limits.maxInputBytes) : tool.validate(value);
  return checked.ok && text !== undefined ? { ...checked, text } : checked;
}

async function callExternal(host: InvocationHost, tool: ExternalTool, call: CheckedInvocation): Promise<Outcome> {
  const outcome = await runExternal(tool.definition, call.input, {
    timeoutMs: call.timeoutMs ?? tool.limits.timeoutMs,
    maxOutputBytes: tool.limits.maxOutputBytes,
    signal: call.signal === undefined ? host.closing : AbortSignal.any([host.closing, call.signal]),
  });
  return checkOutput(outcome, tool);
}

async function callFunction(host: InvocationHost, tool: FunctionTool, call: CheckedInvocation): Promise<Outcome> {
  return runFunction(tool.definition, call.input, {
    timeoutMs: call.timeoutMs ?? tool.limits.timeoutMs,
    signal: call.signal === undefined ? host.closing : AbortSignal.any([host.closing, call.signal]),
  });
}

/** Calls the tool as often as its retries allow; what is left over is a dead letter. */
async function callSandboxed(
  host: InvocationHost,
  tool: SandboxedTool,
  call: CheckedInvocation & Pick<SandboxedCall, "onEvent">,
): Promise<Outcome> {
  const signal = call.signal === undefined ? host.closing : AbortSignal.any([host.closing, call.signal]);
  const run = async (): Promise<Outcome> => checkOutput(await runSandboxed(tool, { ...host, ...call }), tool);
  const { outcome, attempts } = await callWithRetries(run, tool.retry, signal);
  if (outcome.status === "ok" || host.onDeadLetter === undefined) return outcome;
  const letter = toDeadLetter(outcome, { tool: call.name, input: call.input, attempts });
  if (letter !== undefined) await host.onDeadLetter(letter);
  return outcome;
}
