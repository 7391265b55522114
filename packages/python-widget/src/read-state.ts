/** Reads a state of unknown origin into what can be shown: every number finite, every text and list of bounded length. */
import type { PythonPackageInfo, PythonToolInfo, PythonToolState } from "./python-tool-state.ts";

/** A longer text is cut, with an ellipsis at its end. */
export const MAX_TEXT_LENGTH = 2_000;
/** A longer list is cut; the element tells how many entries are not shown. */
export const MAX_LIST_LENGTH = 500;

/** A state that was checked: times in milliseconds since 1970, failures from the latest to the oldest. */
export interface ShownState {
  readonly state: PythonToolState["state"];
  readonly error: string | undefined;
  readonly executions: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly averageMs: number;
  readonly errors: ShownList<{ readonly message: string; readonly at: number }>;
  readonly tools: ShownList<PythonToolInfo>;
  readonly packages: ShownList<PythonPackageInfo>;
  readonly lastActivity: number | undefined;
}

export interface ShownList<T> {
  readonly shown: readonly T[];
  /** How many entries there are, shown or not. */
  readonly total: number;
}

type Fields = Readonly<Record<string, unknown>>;

const STATES: readonly string[] = ["initializing", "ready", "error"] satisfies PythonToolState["state"][];

/** @throws TypeError that names the part which is not as `PythonToolState` says */
export function readState(value: unknown): ShownState {
  const fields = readFields("the state", value);
  const { state } = fields;
  if (!isStateName(state)) throw new TypeError(`state is none of ${STATES.join(", ")}`);
  return {
    state,
    error: fields["error"] == null ? undefined : readText("error", fields["error"]),
    executions: readCount("executions", fields["executions"]),
    succeeded: readCount("succeeded", fields["succeeded"]),
    failed: readCount("failed", fields["failed"]),
    averageMs: readCount("averageMs", fields["averageMs"]),
    errors: readFailures(fields["errors"]),
    tools: readList("tools", fields["tools"], (tool, path) => ({
      name: readText(`${path}.name`, tool["name"]),
      description: readText(`${path}.description`, tool["description"]),
    })),
    packages: readList("packages", fields["packages"], (one, path) => ({
      name: readText(`${path}.name`, one["name"]),
      version: readText(`${path}.version`, one["version"]),
    })),
    lastActivity: fields["lastActivity"] == null ? undefined : readTime("lastActivity", fields["lastActivity"]),
  };
}

function readFailures(value: unknown): ShownState["errors"] {
  const { shown, total } = readList("errors", value, (failure, path) => ({
    message: readText(`${path}.message`, failure["message"]),
    at: readTime(`${path}.at`, failure["at"]),
  }));
  return { shown: shown.toSorted((one, other) => other.at - one.at), total };
}

function isStateName(value: unknown): value is PythonToolState["state"] {
  return typeof value === "string" && STATES.includes(value);
}

function readFields(path: string, value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError(`${path} is no object`);
  return value as Fields;
}

function readList<T>(path: string, value: unknown, read: (fields: Fields, path: string) => T): ShownList<T> {
  if (!Array.isArray(value)) throw new TypeError(`${path} is no list`);
  const shown = value.slice(0, MAX_LIST_LENGTH).map((entry: unknown, index) => {
    const place = `${path}[${index}]`;
    return read(readFields(place, entry), place);
  });
  return { shown, total: value.length };
}

function readText(path: string, value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`${path} is no text`);
  return value.length > MAX_TEXT_LENGTH ? `${value.slice(0, MAX_TEXT_LENGTH).toWellFormed()}…` : value.toWellFormed();
}

function readCount(path: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
    throw new TypeError(`${path} is no number from 0 up`);
  }
  return value;
}

/** The times that a `Date` can hold (ECMA-262, "Time Values and Time Range"), in milliseconds. */
const MAX_TIME_MS = 8.64e15;

function readTime(path: string, value: unknown): number {
  const time = typeof value === "string" ? Date.parse(value) : value;
  if (typeof time !== "number" || !(Math.abs(time) <= MAX_TIME_MS)) {
    throw new TypeError(`${path} is neither milliseconds since 1970 nor a time in ISO 8601`);
  }
  return time;
}
