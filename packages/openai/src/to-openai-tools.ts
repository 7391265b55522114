/** Describes the tools of a Pocket to OpenAI's two interfaces. */
import type { ToolInfo, ToolProvider } from "@toolpocket/core";
import type { ChatCompletionFunctionTool } from "openai/resources/chat/completions";
import type { FunctionTool } from "openai/resources/responses/responses";
import { isStrictSchema } from "./strict-schema.ts";

/**
 * The `tools` of `client.responses.create()`: one for each tool that can be called, as they are now. `strict` is set
 * where the tool's schema is legal in that mode; elsewhere the Pocket's own check answers what a model gets wrong.
 * @throws PocketError what `pocket.tools()` throws.
 */
export async function toResponsesTools(pocket: ToolProvider): Promise<FunctionTool[]> {
  return (await pocket.tools()).map(toFunctionTool);
}

/** The `tools` of `client.chat.completions.create()`; otherwise as `toResponsesTools`. */
export async function toChatTools(pocket: ToolProvider): Promise<ChatCompletionFunctionTool[]> {
  return (await pocket.tools()).map((info) => ({ type: "function", function: describe(info) }));
}

function toFunctionTool(info: ToolInfo): FunctionTool {
  const { outputSchema } = info;
  return { type: "function", ...describe(info), ...(outputSchema !== undefined && { output_schema: outputSchema }) };
}

function describe({ name, description, inputSchema }: ToolInfo) {
  return { name, description, parameters: inputSchema, strict: isStrictSchema(inputSchema) };
}
