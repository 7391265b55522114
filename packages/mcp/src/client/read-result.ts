/** What an MCP server answered to a call, as a Pocket takes it: text for the model, and the value where there is one. */
import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/client";
import type { ExternalResult, JsonValue } from "@toolpocket/core";

/** Text is joined by lines. What is no text is named, not carried: models of a Pocket read text. */
export function readResult({ content = [], structuredContent, isError }: CallToolResult): ExternalResult {
  const text = content.map(toText).join("\n");
  if (isError === true) return { ok: false, message: text === "" ? "the tool failed, and did not say why" : text };
  if (structuredContent === undefined) return { ok: true, output: text };
  return {
    ok: true,
    output: text === "" ? JSON.stringify(structuredContent) : text,
    value: structuredContent as JsonValue,
  };
}

function toText(block: ContentBlock): string {
  switch (block.type) {
    case "text":
      return block.text;
    case "image":
    case "audio":
      return `[${block.type}: ${block.mimeType}, ${Buffer.byteLength(block.data, "base64")} bytes]`;
    case "resource_link":
      return `[resource: ${block.uri}]`;
    case "resource":
      return "text" in block.resource ? block.resource.text : `[resource: ${block.resource.uri}]`;
    default:
      return "[content of a kind that is not known]";
  }
}
