/** Reads `[tools.NAME]`. */
import { isToolName, toToolName } from "../manifest/tool-name.ts";
import { quoteText } from "../tables/describe-value.ts";
import { readLimits } from "../tables/limits-table.ts";
import { readPermissions } from "../tables/permissions-table.ts";
import { readRetry } from "../tables/retry-table.ts";
import type { TableReader } from "../tables/table-reader.ts";
import { readToolVars } from "../tables/tool-vars-table.ts";
import { TARGET_KEYS, TOOL_KEYS } from "./settings-keys.ts";
import type { ToolSettings, ToolTarget } from "./settings.ts";

/** The tools under `[tools]`, by name. */
export function readToolSettings(settings: TableReader): ReadonlyMap<string, ToolSettings> {
  const tools = settings.optionalTable("tools");
  if (tools === undefined) return new Map();
  return new Map(tools.keys.map((name) => [name, readTool(tools, name)]));
}

function readTool(tools: TableReader, name: string): ToolSettings {
  if (!isToolName(name)) {
    const proposed = toToolName(name);
    throw tools.fault(name, `${quoteText(name)} is no name that models take for a tool`, {
      found: name,
      nearest: proposed,
      hint: `use up to 64 letters, digits, "_" and "-", for example [tools.${proposed}]`,
    });
  }
  const table = tools.table(name);
  table.only(TOOL_KEYS);
  const target = readTarget(table);
  const retry = readRetry(table, "retry");
  return {
    name,
    ...(target !== undefined && { target }),
    toolVars: readToolVars(table, "tool_vars"),
    allow: readPermissions(table, "allow"),
    deny: readPermissions(table, "deny"),
    limits: readLimits(table, "limits"),
    ...(retry !== undefined && { retry }),
  };
}

function readTarget(table: TableReader): ToolTarget | undefined {
  const [kind, other] = TARGET_KEYS.filter((key) => table.keys.includes(key));
  if (other !== undefined) {
    throw table.fault(other, `"${kind}" and "${other}" both say where the tool is`, { hint: "keep one of them" });
  }
  const misplaced = ["ref", "path"].find((key) => table.keys.includes(key));
  if (kind !== "git" && misplaced !== undefined) {
    throw table.fault(misplaced, `"${misplaced}" stands without "git"`, {
      hint: `add git = "https://…", or remove ${misplaced}`,
    });
  }
  if (kind === undefined) return undefined;
  const place = table.text(kind);
  if (kind === "local") return { kind, path: place };
  if (kind !== "git") return { kind, url: place };
  const ref = table.optionalText("ref");
  const path = table.optionalText("path");
  return { kind, url: place, ...(ref !== undefined && { ref }), ...(path !== undefined && { path }) };
}
