/** Reads what a guest tells of a run of a session: untrusted, so every field is checked. */
import { isJsonObject, type JsonValue } from "../json.ts";
import { isNestedDeeper } from "../json-depth.ts";

/** Nesting of a value that is passed on. */
const MAX_VALUE_DEPTH = 500;
const MAX_FILES = 10_000;
const MAX_TEXT_CHARACTERS = 20_000;

/** A file in a session's workspace. */
export interface SessionFile {
  /** Relative to the workspace. */
  readonly path: string;
  readonly size: number;
}

/** An error as Python tells it. */
export interface ReportedError {
  readonly type: string;
  readonly message: string;
  readonly traceback?: string;
  readonly line?: number;
  /** Of a ToolError: its code. */
  readonly toolCode?: string;
  /** Of a ModuleNotFoundError: the first part of the module's name. */
  readonly module?: string;
}

export interface SessionReport {
  readonly value?: JsonValue;
  /** What the value is where it is no JSON: its repr. */
  readonly repr?: string;
  readonly error?: ReportedError;
  readonly files: readonly SessionFile[];
}

/** Undefined where the text is no report: the interpreter is not what it was. */
export function readSessionReport(text: string | undefined): SessionReport | undefined {
  const told = parse(text);
  if (!isJsonObject(told)) return undefined;
  const { value, error, files } = told;
  const reported = isJsonObject(error) ? readError(error) : undefined;
  return {
    ...(isJsonObject(value) && readValue(value)),
    ...(reported && { error: reported }),
    files: readFiles(files),
  };
}

/** The files that a guest lists. */
export function readFiles(files: unknown): readonly SessionFile[] {
  if (!Array.isArray(files)) return [];
  return files.slice(0, MAX_FILES).flatMap((file: unknown): SessionFile[] => {
    if (typeof file !== "object" || file === null) return [];
    const { path, size } = file as Record<string, unknown>;
    return typeof path === "string" && typeof size === "number" ? [{ path, size }] : [];
  });
}

function readValue({ json, repr }: Record<string, JsonValue>): Pick<SessionReport, "value" | "repr"> {
  if (typeof repr === "string") return { repr };
  if (typeof json !== "string") return {};
  const value = parse(json);
  return value === undefined ? { repr: json } : { value };
}

function readError(told: Record<string, JsonValue>): ReportedError {
  const { type, message, traceback, line, toolCode, module } = told;
  return {
    type: cut(type) ?? "Exception",
    message: cut(message) ?? "",
    ...(typeof traceback === "string" && { traceback: traceback.slice(0, MAX_TEXT_CHARACTERS) }),
    ...(Number.isSafeInteger(line) && { line: Number(line) }),
    ...(typeof toolCode === "string" && { toolCode: toolCode.slice(0, MAX_TEXT_CHARACTERS) }),
    ...(typeof module === "string" && { module: module.slice(0, MAX_TEXT_CHARACTERS) }),
  };
}

function cut(text: unknown): string | undefined {
  return typeof text === "string" ? text.slice(0, MAX_TEXT_CHARACTERS) : undefined;
}

function parse(text: string | undefined): JsonValue | undefined {
  if (text === undefined || isNestedDeeper(text, MAX_VALUE_DEPTH)) return undefined;
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
