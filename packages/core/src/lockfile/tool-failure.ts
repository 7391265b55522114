/** Failures of single tools, collected so that all of them are told together. */
import { isPocketError, PocketError } from "../errors.ts";

/** Whatever failed: a tool with its source, or the request of one. */
export interface ToolFailure {
  /** The tool's source on one line. */
  readonly label: string;
  /** The tool's name, where the user gave it one. */
  readonly name?: string;
  readonly error: PocketError;
}

/** As it stands in `details.failures` of ERR_POCKET_SYNC_FAILED. */
export interface ReportedFailure {
  readonly tool?: string;
  readonly source: string;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** What `work` gives, or the failure of the tool when it throws a `PocketError`; any other error is thrown on. */
export async function settleTool<T>(
  tool: { readonly label: string; readonly name?: string | undefined },
  work: () => Promise<T>,
): Promise<T | ToolFailure> {
  try {
    return await work();
  } catch (error) {
    if (!isPocketError(error)) throw error;
    const { label, name } = tool;
    return { label, ...(name !== undefined && { name }), error };
  }
}

/** Parts what came off from what failed. */
export function partFailures<T extends object>(
  results: readonly (T | ToolFailure)[],
): { done: T[]; failures: ToolFailure[] } {
  const isFailure = (result: T | ToolFailure): result is ToolFailure => "error" in result && "label" in result;
  return {
    done: results.filter((result): result is T => !isFailure(result)),
    failures: results.filter(isFailure),
  };
}

/** The error that lists them all, each with its tool; its cause is the first. */
export function toSyncError(failures: readonly ToolFailure[]): PocketError {
  const lines = failures.map(
    (failure) => `  ${nameFailure(failure)}: ${failure.error.message} (${failure.error.code})`,
  );
  const count = failures.length === 1 ? "1 tool" : `${failures.length} tools`;
  const hints = new Set(failures.flatMap(({ error }) => (error.hint === undefined ? [] : [error.hint])));
  return new PocketError("ERR_POCKET_SYNC_FAILED", `${count} failed:\n${lines.join("\n")}`, {
    ...(hints.size > 0 && { hint: [...hints].join("; ") }),
    details: { failures: failures.map(reportFailure) },
    cause: failures[0]?.error,
  });
}

/** The failure of one tool as an error of its own code, with the tool in its words. */
export function toToolError({ name, label, error }: ToolFailure): PocketError {
  const { code, message, hint, details } = error;
  const tool = name ?? label;
  return new PocketError(code, message.includes(tool) ? message : `${tool}: ${message}`, {
    ...(hint !== undefined && { hint }),
    details: { tool, ...details },
    cause: error,
  });
}

function nameFailure({ name, label }: ToolFailure): string {
  return name === undefined ? label : `${name} (${label})`;
}

function reportFailure({ name, label, error }: ToolFailure): ReportedFailure {
  return {
    ...(name !== undefined && { tool: name }),
    source: label,
    code: error.code,
    message: error.message,
    ...(error.hint !== undefined && { hint: error.hint }),
  };
}
