/** Runs a sandboxed tool for one invocation: secrets sealed, watched, and its outcome free of them. */
import { shapeComponentOutcome } from "../component/component-outcome.ts";
import { encodeComponentCall } from "../component/component-call.ts";
import { encodeRequest } from "../contract/encode-request.ts";
import { shapeResponse } from "../contract/shape-response.ts";
import type { Invoker, RunRequest, RunResult } from "../invoker.ts";
import type { JsonValue } from "../json.ts";
import { type Outcome, toOutcomeError } from "../outcome.ts";
import type { RunEvent } from "../run-events.ts";
import { createRedactor } from "../secrets/redactor.ts";
import { type SealedSecrets, sealSecrets } from "../secrets/seal-secrets.ts";
import { SecretResolutionError, type SecretResolver } from "../secrets/secret-resolver.ts";
import { withDenials } from "./explain-denials.ts";
import type { SandboxedTool } from "./loaded-tool.ts";
import { raceAbort } from "./race-abort.ts";
import { redactOutcome, redactResult, redactTexts } from "./redact-run.ts";
import { shapeOutcome, type ShapeOutcomeOptions, toFailure } from "./shape-outcome.ts";

export interface SandboxedCall {
  readonly input: JsonValue;
  /** `input` as JSON text. */
  readonly inputJson: string;
  /** The input as the caller wrote it, where it came as text. */
  readonly inputText?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly secrets: SecretResolver;
  readonly openInvoker: () => Promise<Invoker>;
  /** Told of requests and denials, secrets taken out. */
  readonly onEvent: (event: RunEvent) => void;
}

/** @throws PocketError what the invoker throws; the signal's reason */
export async function runSandboxed(tool: SandboxedTool, call: SandboxedCall): Promise<Outcome> {
  const started = performance.now();
  const sealed = await trySealing(tool, call);
  if ("failure" in sealed) {
    const usage = { durationMs: performance.now() - started, coldStart: false };
    return toFailure(toOutcomeError("secret_resolution_failed", sealed.failure), usage);
  }
  const redactor = createRedactor(sealed.secrets);
  const { limits } = tool.runnable;
  const environment = bindEnvironment(tool, sealed);
  const invoker = await call.openInvoker();
  const runStarted = performance.now();
  const given = await invoker.run(tool.runnable, {
    ...encodeInput(tool, call, environment),
    environment,
    timeoutMs: call.timeoutMs ?? limits.timeoutMs,
    ...(call.signal !== undefined && { signal: call.signal }),
    ...(sealed.secrets.length > 0 && { secrets: sealed.secrets }),
    onEvent: (event) => call.onEvent(redactTexts(event, redactor)),
  });
  const options = { durationMs: performance.now() - runStarted, maxOutputBytes: limits.maxOutputBytes };
  const result = redactResult(given, redactor, limits.maxOutputBytes);
  return withDenials(redactOutcome(shapeResult(tool, result, options), redactor), result.denials ?? [], {
    tool: tool.table,
    granted: tool.info.permissions.granted,
  });
}

/** The input as the tool's runtime takes it. */
function encodeInput(
  { runnable: { name, program, limits }, component }: SandboxedTool,
  { input, inputJson, inputText = inputJson }: SandboxedCall,
  environment: Readonly<Record<string, string>>,
): Pick<RunRequest, "input" | "inputJson"> {
  if (program.runtime === "wasm") {
    return { input: encodeRequest(inputText, { tool: name, program, limits, environment }) };
  }
  return component === undefined ? { input, inputJson } : { input: encodeComponentCall(component, program, input) };
}

function shapeResult(
  { runnable: { name, program }, component }: SandboxedTool,
  result: RunResult,
  options: ShapeOutcomeOptions,
): Outcome {
  if (program.runtime === "wasm") return shapeResponse(result, { ...options, tool: name });
  return component === undefined
    ? shapeOutcome(result, options)
    : shapeComponentOutcome(result, component.function, options);
}

async function trySealing(
  { secrets }: SandboxedTool,
  call: SandboxedCall,
): Promise<SealedSecrets | { readonly failure: string }> {
  try {
    return await raceAbort(sealSecrets(secrets, call.secrets), call.signal);
  } catch (error) {
    if (error instanceof SecretResolutionError) return { failure: error.message };
    throw error;
  }
}

/** What was granted of the host's environment, as it is now, and over it the tool's variables. */
function bindEnvironment(
  { grantedEnvironment, variables }: SandboxedTool,
  { environment }: SealedSecrets,
): Readonly<Record<string, string>> {
  const granted = grantedEnvironment.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([...granted, ...Object.entries(variables), ...Object.entries(environment)]);
}
