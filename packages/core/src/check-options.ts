/** Checks the options that a program gives in code: a mistyped key, of a limit or a denial say, must not mean nothing. */
import type { Limits } from "./limits.ts";
import { nearestHint } from "./nearest.ts";
import type { PocketOptions } from "./pocket-options.ts";
import type { Retry } from "./retry/retry.ts";
import { isSecretReference } from "./secrets/secret-reference.ts";
import type { SessionLimits, SessionOptions } from "./session/session-options.ts";
import { describeValue, quoteText } from "./tables/describe-value.ts";
import { readAmount, readTimeout } from "./tables/limits-table.ts";
import { readPermissions } from "./tables/permissions-table.ts";
import { readJitter, readWait } from "./tables/retry-table.ts";
import { openTable, type TableReader } from "./tables/table-reader.ts";
import type { ToolRequest, ToolRequestTarget } from "./tool-request.ts";

/** All keys of `Options`: the compiler tells of one that is missing here. */
function keysOf<Options>(keys: Readonly<Record<keyof Options & string, true>>): readonly string[] {
  return Object.keys(keys);
}

/** Those of a Pocket, and of the work on its lock. */
const POCKET_KEYS = [
  "tools",
  "cwd",
  "lockfile",
  "settings",
  "frozen",
  "offline",
  "signal",
  "invoker",
  "pythonPackages",
  "onDeadLetter",
  "onProgress",
  "prune",
  "acceptPermissions",
] as const;

const TOOL_KEYS = ["name", "toolVars", "allow", "deny", "limits", "retry"] as const;
const LIMIT_KEYS = keysOf<Limits>({
  timeout: true,
  timeoutMs: true,
  maxMemoryBytes: true,
  maxInputBytes: true,
  maxOutputBytes: true,
  fuel: true,
});
const RETRY_KEYS = keysOf<Retry>({ maxAttempts: true, backoff: true, maxBackoff: true, jitter: true });
const SESSION_KEYS = keysOf<SessionOptions>({
  tools: true,
  packages: true,
  modules: true,
  prelude: true,
  environment: true,
  allow: true,
  limits: true,
  ttlMs: true,
  onOutput: true,
  needsApproval: true,
  onApproval: true,
  approvalTimeoutMs: true,
});
const SESSION_LIMIT_KEYS = keysOf<SessionLimits>({
  timeout: true,
  timeoutMs: true,
  maxMemoryBytes: true,
  maxInputBytes: true,
  maxOutputBytes: true,
  maxCalls: true,
  maxConcurrentCalls: true,
  maxFileBytes: true,
});
const CALL_KEYS: readonly string[] = ["timeoutMs", "signal"];
const FUNCTION_KEYS = ["name", "description", "inputSchema", "run"] as const;
const MODULE_KEYS = ["description", "inputSchema", "entrypoint", "enableWasi"] as const;
const TARGET_KEYS: Readonly<Record<ToolRequestTarget["kind"], readonly string[]>> = {
  git: ["ref", "path"],
  local: MODULE_KEYS,
  url: MODULE_KEYS,
  oci: MODULE_KEYS,
  function: [],
  external: [],
};

/** @throws PocketError ERR_POCKET_SETTINGS_INVALID that names the option, and the nearest valid one */
export function checkPocketOptions(options: PocketOptions): void {
  const table = openOptions(options, "the options of the Pocket");
  table.only(POCKET_KEYS);
  for (const key of ["cwd", "lockfile", "settings"]) table.optionalText(key);
  const { tools } = options;
  if (tools === undefined) return;
  if (!Array.isArray(tools)) throw wrongType(table, "tools", "a list", "put it in brackets");
  for (const tool of tools) {
    if (typeof tool === "string") continue;
    if (isToolRequest(tool)) {
      checkTarget(tool.target);
      continue;
    }
    throw wrongType(
      table,
      "tools",
      "a list of texts and requests",
      "write a URL, a path, fromGit(…) or fromLocal(…)",
      tool,
    );
  }
}

/**
 * @param label the request on one line, for messages
 * @throws PocketError ERR_POCKET_SETTINGS_INVALID that names the option, and the nearest valid one
 */
export function checkRequestOptions({ options, target }: ToolRequest, label: string): void {
  const table = openOptions(options, label);
  table.only([...TOOL_KEYS, ...TARGET_KEYS[target.kind]]);
  table.optionalText("name");
  checkToolVars(table);
  readPermissions(table, "allow");
  readPermissions(table, "deny");
  checkLimits(table.optionalTable("limits"));
  checkRetry(table.optionalTable("retry"));
}

/** @throws PocketError ERR_POCKET_SETTINGS_INVALID that names the option, and the nearest valid one */
export function checkSessionOptions(options: SessionOptions): void {
  const table = openOptions(options, "the options of the session");
  table.only(SESSION_KEYS);
  table.optionalTable("limits")?.only(SESSION_LIMIT_KEYS);
  table.optionalTable("allow")?.only(["network"]);
}

/** @throws TypeError when the name of a tool is no text, or an option of the call is none */
export function checkCall(name: unknown, options: object): void {
  if (typeof name !== "string") throw new TypeError(`the name of a tool must be text, found ${describeValue(name)}`);
  const unknown = Object.keys(options).find((key) => !CALL_KEYS.includes(key));
  if (unknown === undefined) return;
  throw new TypeError(`a call has no option ${quoteText(unknown)}${nearestHint(unknown, CALL_KEYS)}`);
}

function openOptions(options: object, place: string): TableReader {
  // An option that is undefined is one that is not given.
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return openTable(given, { code: "ERR_POCKET_SETTINGS_INVALID", fileOf: () => place, path: [] });
}

/** What names the tool: it is what all later messages call the request by. */
function checkTarget(target: ToolRequestTarget): void {
  switch (target.kind) {
    case "git":
    case "url":
    case "oci":
      openOptions(target, `a request of a ${target.kind} tool`).text("url");
      return;
    case "local":
      openOptions(target, "fromLocal(…)").text("path");
      return;
    case "function": {
      const definition = openOptions(target.definition ?? {}, "fromFunction(…)");
      definition.only(FUNCTION_KEYS);
      definition.text("name");
      if (typeof definition.value("description") !== "string") {
        throw wrongType(definition, "description", "text", "say what the model may call it for");
      }
      if (typeof definition.value("run") === "function") return;
      throw wrongType(definition, "run", "a function", "give it the function that does the work");
    }
    case "external":
  }
}

function isToolRequest(value: unknown): value is ToolRequest {
  return typeof value === "object" && value !== null && "target" in value && "options" in value;
}

/** Values are checked when they are bound: then it is known which tool's they are. */
function checkToolVars(table: TableReader): void {
  const found = table.value("toolVars");
  if (isSecretReference(found)) throw wrongType(table, "toolVars", "an object", "write it under the variable's name");
  table.optionalTable("toolVars");
}

function checkLimits(limits: TableReader | undefined): void {
  if (limits === undefined) return;
  limits.only(LIMIT_KEYS);
  readTimeout(limits);
  const timeoutMs = limits.value("timeoutMs");
  if (timeoutMs !== undefined && !(typeof timeoutMs === "number" && timeoutMs > 0 && Number.isFinite(timeoutMs))) {
    throw wrongType(limits, "timeoutMs", "a number of milliseconds above zero", "write for example timeoutMs: 10_000");
  }
  for (const key of ["maxMemoryBytes", "maxInputBytes", "maxOutputBytes"]) readAmount(limits, key, "of bytes");
  readAmount(limits, "fuel");
}

function checkRetry(retry: TableReader | undefined): void {
  if (retry === undefined) return;
  retry.only(RETRY_KEYS);
  readAmount(retry, "maxAttempts");
  for (const key of ["backoff", "maxBackoff"]) readWait(retry, key);
  readJitter(retry);
}

function wrongType(table: TableReader, key: string, meant: string, hint: string, found = table.value(key)): Error {
  return table.fault(key, `"${key}" must be ${meant}, found ${describeValue(found)}`, { hint, found });
}
