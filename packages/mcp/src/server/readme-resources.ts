/** The readmes of tools, as resources `pocket://tools/NAME/readme`. */
import { nearestHint, type ToolInfo } from "@toolpocket/core";
import { type ReadResourceResult, type Resource, ResourceNotFoundError } from "@modelcontextprotocol/server";
import { toTitle } from "./describe-tool.ts";

const MIME_TYPE = "text/markdown";

export function listReadmes(tools: readonly ToolInfo[]): Resource[] {
  return tools
    .filter(({ readme }) => readme !== undefined)
    .map(({ name }) => ({
      uri: toUri(name),
      name: `${name}/readme`,
      title: `${toTitle(name)}: readme`,
      description: `What the author of the tool "${name}" says of it.`,
      mimeType: MIME_TYPE,
    }));
}

/** @throws ResourceNotFoundError that names the nearest */
export function readReadme(tools: readonly ToolInfo[], uri: string): ReadResourceResult {
  const tool = tools.find(({ name, readme }) => readme !== undefined && toUri(name) === uri);
  if (tool?.readme !== undefined) return { contents: [{ uri, mimeType: MIME_TYPE, text: tool.readme }] };
  const known = listReadmes(tools).map((resource) => resource.uri);
  throw new ResourceNotFoundError(uri, `there is no resource ${JSON.stringify(uri)}${nearestHint(uri, known)}`);
}

function toUri(name: string): string {
  return `pocket://tools/${name}/readme`;
}
