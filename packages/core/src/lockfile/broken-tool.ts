/** Broken tools: their manifest cannot be used, so they are listed and not run. */
import { PocketError } from "../errors.ts";
import type { BrokenTool } from "../pocket-options.ts";

/** A broken tool as the user sees it. */
export function describeBroken(name: string, source: string, error: PocketError): BrokenTool {
  return { name, source, reason: error.message };
}

/** What calling it throws: ERR_POCKET_TOOL_BROKEN with the reason. */
export function toBrokenError({ name, source, reason }: BrokenTool, cause: PocketError): PocketError {
  const isLocked = source.startsWith("git+") || !source.startsWith("local:");
  const mend = isLocked ? `, or run \`pocket lock update ${name}\` when its author has mended it` : "";
  return new PocketError("ERR_POCKET_TOOL_BROKEN", `the tool "${name}" is broken: ${reason}`, {
    hint: `${cause.hint ?? "mend the tool"}${mend}`,
    details: { ...cause.details, tool: name, source },
    cause,
  });
}
