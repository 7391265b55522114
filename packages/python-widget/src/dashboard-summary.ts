/** The tool in two phrases, for a dashboard that shows many tools in one row each. */
import type { Reading } from "./reading.ts";
import { writeCount } from "./words.ts";

export interface DashboardSummary {
  /** "warning" while Python starts or nothing answers. */
  readonly state: "active" | "idle" | "warning" | "error";
  /** For example "12 executions". */
  readonly primaryMetric: string;
  /** The condition: "Ready", "Initializing", "Error" or "Unreachable". */
  readonly secondaryMetric: string;
  /** Milliseconds since 1970; undefined while nothing was executed. */
  readonly lastActivity: number | undefined;
}

export const CONDITION_WORDS = {
  initializing: "Initializing",
  ready: "Ready",
  error: "Error",
  unreachable: "Unreachable",
} as const satisfies Record<Reading["condition"], string>;

export function summarize({ condition, state }: Reading): DashboardSummary {
  const executions = state?.executions ?? 0;
  return {
    state: toDashboardState(condition, executions),
    primaryMetric: `${writeCount(executions)} ${executions === 1 ? "execution" : "executions"}`,
    secondaryMetric: CONDITION_WORDS[condition],
    lastActivity: state?.lastActivity,
  };
}

function toDashboardState(condition: Reading["condition"], executions: number): DashboardSummary["state"] {
  if (condition === "ready") return executions > 0 ? "active" : "idle";
  return condition === "error" ? "error" : "warning";
}
