/** The definition of a tool, which is what a model reads of it: its digest, and the difference between two of them. */
import { hash } from "node:crypto";
import { createRequire } from "node:module";
import type * as Diff from "diff";
import { canonicalJson } from "./canonical-json.ts";
import { isJsonObject, type JsonSchema, type JsonValue } from "./json.ts";
import { showInvisible } from "./show-invisible.ts";

export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  /** Where code calls the tool, a model reads it too. */
  readonly outputSchema?: JsonSchema;
}

const require = createRequire(import.meta.url);

/** Beyond this many changed lines no shortest difference is looked for, which would take quadratic time. */
const MAX_CHANGED_LINES = 1_000;

/**
 * `sha256-` and hex over the canonical JSON of `{ description, inputSchema, name }`, and `outputSchema` where there is one;
 * other keys do not count.
 */
export function digestDefinition({ name, description, inputSchema, outputSchema }: ToolDefinition): string {
  const text = canonicalJson({ name, description, inputSchema, ...(outputSchema !== undefined && { outputSchema }) });
  return `sha256-${hash("sha256", text, "hex")}`;
}

/**
 * A unified diff from the locked to the new definition, "" when they are equal. Invisible characters are shown as
 * `⟨U+200B⟩`, so that a change made of them is seen.
 */
export function diffDefinition(locked: ToolDefinition, current: ToolDefinition): string {
  const [before, after] = [renderDefinition(locked), renderDefinition(current)];
  if (before === after) return "";
  // Loaded here, because definitions seldom differ.
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = require("diff") as typeof Diff;
  const options = { context: 3, maxEditLength: MAX_CHANGED_LINES, headerOptions: FILE_HEADERS_ONLY };
  return (
    createTwoFilesPatch("locked", "new", before, after, undefined, undefined, options) ??
    `--- locked\n+++ new\n${prefixLines("-", before)}${prefixLines("+", after)}`
  );
}

/** The text that is compared: one line for each line of the description and each member of the schema. */
function renderDefinition({ name, description, inputSchema, outputSchema }: ToolDefinition): string {
  const shownName = showInvisible(name).replaceAll("\n", "⟨U+000A⟩");
  const shownDescription = prefixLines("  ", showInvisible(description));
  const output = outputSchema === undefined ? "" : `output schema:\n${renderSchema(outputSchema)}\n`;
  const input = `input schema:\n${renderSchema(inputSchema)}\n`;
  return `name: ${shownName}\ndescription:\n${shownDescription}\n${input}${output}`;
}

function renderSchema(schema: JsonSchema): string {
  return showInvisible(JSON.stringify(sortKeys(schema), null, 2));
}

function prefixLines(prefix: string, text: string): string {
  return text.replaceAll(/^(?=.)/gmu, prefix);
}

function sortKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isJsonObject(value)) return value;
  const keys = Object.keys(value).toSorted();
  return Object.fromEntries(keys.map((key) => [key, sortKeys(value[key] ?? null)]));
}
