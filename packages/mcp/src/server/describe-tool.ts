/** A tool of a Pocket as MCP lists it. */
import { isJsonObject, type JsonObject, type JsonValue, type ToolInfo } from "@toolpocket/core";
import type { Tool, ToolAnnotations } from "@modelcontextprotocol/server";

/** Names are legal in MCP as they are: letters, digits, `_` and `-`, at most 64. */
export function describeTool(info: ToolInfo): Tool {
  const { name, description, inputSchema, outputSchema } = info;
  const annotations = annotate(info);
  return {
    name,
    title: toTitle(name),
    description,
    inputSchema: toObjectSchema(inputSchema),
    // Structured content is an object: a schema of anything else is none that a client may check it by.
    ...(isOfObject(outputSchema) && { outputSchema: toObjectSchema(outputSchema) }),
    ...(annotations !== undefined && { annotations }),
  };
}

/** "business_days" reads as "Business days". */
export function toTitle(name: string): string {
  const words = name.replaceAll(/[_-]+/gu, " ").trim();
  return words === "" ? name : words[0]?.toUpperCase() + words.slice(1);
}

/** What the sandbox makes sure of; of code that runs outside of it nothing is known. */
function annotate({ runtime, permissions: { granted } }: ToolInfo): ToolAnnotations | undefined {
  if (runtime === "function" || runtime === "mcp") return undefined;
  const { network = [], storage = [] } = granted;
  const isOpen = network.length > 0;
  if (isOpen || !storage.every((entry) => entry.startsWith("read:"))) return { openWorldHint: isOpen };
  return { readOnlyHint: true, destructiveHint: false, openWorldHint: false };
}

/** Whether whatever the schema lets pass is an object: it says so, or each of its alternatives does. */
function isOfObject(schema: JsonValue | undefined): schema is JsonObject {
  if (!isJsonObject(schema)) return false;
  const { type, oneOf, anyOf } = schema;
  if (type !== undefined) return type === "object";
  return [oneOf, anyOf].some((all) => Array.isArray(all) && all.length > 0 && all.every(isOfObject));
}

/** MCP wants the type said. */
function toObjectSchema(schema: JsonObject): Tool["inputSchema"] {
  return { ...schema, type: "object" };
}
