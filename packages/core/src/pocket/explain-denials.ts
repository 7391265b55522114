/** Says of a tool that failed what it was refused, and which setting would grant it. */
import { joinPermissions } from "../cover-permissions.ts";
import { isJsonObject, type JsonValue } from "../json.ts";
import { type Outcome, type OutcomeError, toOutcomeError } from "../outcome.ts";
import type { Permissions } from "../permissions.ts";
import type { Denial } from "../run-events.ts";
import { renderAllow } from "../settings/render-allow.ts";

/** Failures that a refusal may well have caused; any other, such as a timeout, keeps its code. */
const CAUSED_BY_DENIAL: ReadonlySet<string> = new Set(["execution_failed", "permission_denied"]);

export interface DeniedTool {
  readonly tool: string;
  /** What it is granted now. */
  readonly granted: Permissions;
}

/**
 * The outcome with what was refused during its run. A tool that was refused something and then failed is `denied`; one that
 * did without is `ok`, and its outcome tells of it.
 */
export function withDenials(outcome: Outcome, denials: readonly Denial[], tool: DeniedTool): Outcome {
  if (denials.length === 0) return outcome;
  if (outcome.status === "ok") return { ...outcome, denials };
  const error = explainDenials(denials, outcome.error, tool);
  return { ...outcome, status: error.code === "permission_denied" ? "denied" : outcome.status, error };
}

/** The error with `details.denials`, and in `details.grant` the line of `[tools.NAME]` that grants what was refused. */
function explainDenials(denials: readonly Denial[], error: OutcomeError, { tool, granted }: DeniedTool): OutcomeError {
  const wanted = denials.flatMap(({ kind, grant }) =>
    grant === undefined || kind === "secret" ? [] : [{ [kind]: [grant] }],
  );
  const grant = wanted.length === 0 ? undefined : renderAllow(wanted.reduce(joinPermissions, granted));
  const details: Record<string, JsonValue> = {
    ...(isJsonObject(error.details) && error.details),
    denials: denials.map((denial) => ({ ...denial })),
    ...(grant !== undefined && { grant }),
  };
  if (!CAUSED_BY_DENIAL.has(error.code)) return { ...error, details };
  const [first] = denials;
  const more = denials.length > 1 ? ` (and ${denials.length - 1} more refusals)` : "";
  const remedy = grant === undefined ? "" : `. To grant it, write under [tools.${tool}] in settings.toml: ${grant}`;
  const message = `the tool was refused: ${first?.message ?? "a permission"}${more}${remedy}\n${error.message}`;
  return toOutcomeError("permission_denied", message, { details });
}
