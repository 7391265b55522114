/** Reads `[tools.NAME]`. */
import { isToolName, toToolName } from "../manifest/tool-name.ts";
import { isJsonObject } from "../json.ts";
import type { ModuleDescription } from "../tool-request.ts";
import { quoteText } from "../tables/describe-value.ts";
import { readLimits } from "../tables/limits-table.ts";
import { readPermissions } from "../tables/permissions-table.ts";
import { readRetry } from "../tables/retry-table.ts";
import type { TableReader } from "../tables/table-reader.ts";
import { readToolVars } from "../tables/tool-vars-table.ts";
import { MODULE_KEYS, TARGET_KEYS, TOOL_KEYS } from "./settings-keys.ts";
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
  const described = MODULE_KEYS.find((key) => table.keys.includes(key));
  if ((kind === "git" || kind === undefined) && described !== undefined) {
    throw table.fault(described, `"${described}" stands without "local", "url" or "oci"`, {
      hint: `remove ${described}: a tool's own manifest says it`,
    });
  }
  if (kind === undefined) return undefined;
  const place = table.text(kind);
  if (kind === "local") return { kind, path: place, module: readModule(table) };
  if (kind !== "git") return { kind, url: place, module: readModule(table) };
  const ref = table.optionalText("ref");
  const path = table.optionalText("path");
  return { kind, url: place, ...(ref !== undefined && { ref }), ...(path !== undefined && { path }) };
}

/** What is said of a lone module. */
function readModule(table: TableReader): ModuleDescription {
  const description = table.optionalText("description");
  const entrypoint = table.optionalText("entrypoint");
  const enableWasi = table.value("enable_wasi");
  if (enableWasi !== undefined && typeof enableWasi !== "boolean") {
    throw table.fault("enable_wasi", '"enable_wasi" must be true or false', { hint: "write it without quotes" });
  }
  const inputSchema = table.value("input_schema");
  if (inputSchema !== undefined && !isJsonObject(inputSchema)) {
    throw table.fault("input_schema", '"input_schema" must be a table', {
      hint: 'write a JSON Schema, for example { type = "object", properties = { city = { type = "string" } } }',
    });
  }
  return {
    ...(description !== undefined && { description }),
    ...(inputSchema !== undefined && { inputSchema }),
    ...(entrypoint !== undefined && { entrypoint }),
    ...(enableWasi !== undefined && { enableWasi }),
  };
}
