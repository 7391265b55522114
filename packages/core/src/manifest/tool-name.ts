/** Names of tools: what OpenAI, Anthropic and MCP take. */
import { quoteText } from "../tables/describe-value.ts";
import type { TableReader } from "../tables/table-reader.ts";

const MAX_TOOL_NAME_LENGTH = 64;
/** How much of a text a name is made of. */
const MAX_LOOKED_AT = 1_000;

/** Whether every model and protocol takes the name: 1 to 64 letters of ASCII, digits, "_" and "-". */
export function isToolName(name: string): boolean {
  return name.length <= MAX_TOOL_NAME_LENGTH && /^[A-Za-z0-9_-]+$/u.test(name);
}

/** A valid name that is like `text`, for example "Get_weather" for "Get weather!". */
export function toToolName(text: string): string {
  const ascii = text.slice(0, MAX_LOOKED_AT).normalize("NFKD").replaceAll(/\p{M}/gu, "");
  const name = ascii.replaceAll(/[^A-Za-z0-9_-]+/gu, "_").replaceAll(/^_+|(?<!_)_+$/gu, "");
  return name.slice(0, MAX_TOOL_NAME_LENGTH) || "tool";
}

/** The tool's name under `key`. */
export function readToolName(table: TableReader, key: string): string {
  const name = table.text(key);
  if (isToolName(name)) return name;
  const proposed = toToolName(name);
  throw table.fault(key, `${quoteText(key)} is ${quoteText(name)}, which models do not take as the name of a tool`, {
    found: name,
    nearest: proposed,
    hint: `use up to ${MAX_TOOL_NAME_LENGTH} letters, digits, "_" and "-", for example "${proposed}"`,
  });
}
