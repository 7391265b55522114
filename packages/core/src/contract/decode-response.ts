/** Reads the response of contract v1, which a wasm tool writes to its standard output: one JSON object and nothing else. */
import { describeValue, quoteText } from "../tables/describe-value.ts";
import { findJsonFault } from "../json-fault.ts";
import { isNestedDeeper } from "../json-depth.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { nearestHint } from "../nearest.ts";
import { OUTCOME_CODES } from "../outcome.ts";
import { positionAt } from "../text-position.ts";
import { CONTRACT_VERSION } from "./encode-request.ts";

export type ContractResponse =
  | { readonly status: "ok"; readonly output: string }
  | { readonly status: "error" | "denied"; readonly error: ContractError }
  /** The tool has broken the contract; `message` says how, and where in its output. */
  | { readonly status: "violation"; readonly message: string };

export interface ContractError {
  readonly code: string;
  readonly reason: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly details?: Readonly<Record<string, string>>;
}

const STATUSES = ["ok", "error", "denied"] as const;
type ContractStatus = (typeof STATUSES)[number];

/** Deeper ones overflow the stack of whoever walks them. */
const MAX_DEPTH = 500;
/** How much of the wrong text a message shows. */
const MAX_SHOWN_CHARACTERS = 40;

/** The response in `stdout`. Unknown fields are ignored, and null counts as absent, as in the original. */
export function decodeResponse(stdout: Uint8Array): ContractResponse {
  try {
    return readResponse(parseResponse(stdout));
  } catch (error) {
    if (error instanceof Violation) return { status: "violation", message: error.message };
    throw error;
  }
}

class Violation extends Error {}

function parseResponse(stdout: Uint8Array): JsonObject {
  // A byte order mark is kept, so that it is refused: it is no JSON.
  const text = trimSpace(decodeText(stdout));
  if (text === "") throw new Violation("the tool wrote nothing to stdout");
  if (isNestedDeeper(text, MAX_DEPTH)) throw new Violation(`its stdout is nested deeper than ${MAX_DEPTH} levels`);
  const value = parseJson(text);
  if (isJsonObject(value)) return value;
  throw new Violation(`its stdout must be one JSON object, found ${describeValue(value)}`);
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    // Up to the first wrong byte both decodings agree.
    const [sound = ""] = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).split("\uFFFD", 1);
    throw new Violation(`its stdout is not UTF-8 from ${placeOf(sound, sound.length)} on`);
  }
}

/** White space as the original trims it: unlike `trim()`, without the byte order mark. */
function trimSpace(text: string): string {
  const isSpace = (index: number): boolean => /^[^\S\uFEFF]$/u.test(text.charAt(index));
  let [start, end] = [0, text.length];
  while (start < end && isSpace(start)) start += 1;
  // By hand: an expression that ends in `$` would look for it from each space of a text that is all spaces.
  while (start < end && isSpace(end - 1)) end -= 1;
  return text.slice(start, end);
}

function parseJson(text: string): JsonValue {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const { offset, reason } = findJsonFault(text);
    const found = text.slice(offset, offset + MAX_SHOWN_CHARACTERS);
    const shown = found === "" ? "the output ends" : `found ${quoteText(found)}`;
    throw new Violation(
      `its stdout must be one JSON object and nothing else: ${placeOf(text, offset)}: ${reason}, ${shown}`,
    );
  }
}

function placeOf(text: string, offset: number): string {
  const { line, column } = positionAt(text, offset);
  return `line ${line}, column ${column}`;
}

function readResponse(response: JsonObject): ContractResponse {
  checkVersion(readText(response, "contract_version"));
  const status = readStatus(readText(response, "status"));
  const output = readText(response, "output") ?? "";
  return status === "ok" ? { status, output } : { status, error: readError(response, status) };
}

function checkVersion(given: string | undefined): void {
  const version = normalise(given);
  if (version === CONTRACT_VERSION) return;
  const found = version === "" ? "is missing" : `is ${quoteText(version)}, which is not supported`;
  throw new Violation(`"contract_version" ${found}; it must be "${CONTRACT_VERSION}"`);
}

function readStatus(given: string | undefined): ContractStatus {
  const name = normalise(given);
  const status = STATUSES.find((known) => known === name);
  if (status !== undefined) return status;
  const found = name === "" ? "is missing" : `is ${quoteText(name)}${nearestHint(name, STATUSES)}`;
  throw new Violation(`"status" ${found}; it must be "ok", "error" or "denied"`);
}

/** What a tool leaves out of its error has the contract's defaults; code and reason are the tool's own words. */
function readError(response: JsonObject, status: "error" | "denied"): ContractError {
  const code = status === "denied" ? "permission_denied" : "execution_failed";
  const { reason } = OUTCOME_CODES[code];
  const error = response["error"] ?? null;
  const message = status === "denied" ? "the tool denied the call" : "the tool failed without saying why";
  if (error === null) return { code, reason, message, retryable: status === "error" };
  if (!isJsonObject(error)) throw new Violation(`"error" must be an object, found ${describeValue(error)}`);
  const details = readDetails(error);
  return {
    code: normalise(readText(error, "code")) || code,
    reason: normalise(readText(error, "reason")) || reason,
    message: readText(error, "message")?.trim() || message,
    retryable: readRetryable(error),
    ...(details !== undefined && { details }),
  };
}

function readRetryable(error: JsonObject): boolean {
  const found = error["retryable"] ?? false;
  if (typeof found === "boolean") return found;
  throw new Violation(`"error.retryable" must be true or false, found ${describeValue(found)}`);
}

function readDetails(error: JsonObject): Readonly<Record<string, string>> | undefined {
  const details = error["details"] ?? null;
  if (details === null) return undefined;
  if (!isJsonObject(details)) throw new Violation(`"error.details" must be an object, found ${describeValue(details)}`);
  for (const [key, value] of Object.entries(details)) {
    if (typeof value === "string") continue;
    throw new Violation(`"error.details" must hold text alone, found ${describeValue(value)} for ${quoteText(key)}`);
  }
  return details as Record<string, string>;
}

function readText(object: JsonObject, key: string): string | undefined {
  const found = Object.hasOwn(object, key) ? (object[key] ?? undefined) : undefined;
  if (found === undefined || typeof found === "string") return found;
  throw new Violation(`"${key}" must be text, found ${describeValue(found)}`);
}

function normalise(text: string | undefined): string {
  return (text ?? "").trim().toLowerCase();
}
