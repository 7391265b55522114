/** Turns the `[tools]` of settings into the requests that a program would write. */
import { PocketError } from "../errors.ts";
import { fromGit, fromLocal, fromOci, fromUrl, type ToolRequest, type ToolRequestOptions } from "../tool-request.ts";
import type { Settings, ToolSettings } from "./settings.ts";

/**
 * One request for each tool, named as its table is. Its variables stay in the settings, where `resolveVariables` finds
 * them by the tool's name.
 * @throws PocketError ERR_POCKET_SETTINGS_INVALID when a table does not say where the tool is.
 */
export function toToolRequests(settings: Settings): readonly ToolRequest[] {
  return [...settings.tools.values()].map((tool) => toToolRequest(tool, settings.file));
}

function toToolRequest({ name, target, allow, deny, limits, retry }: ToolSettings, file: string): ToolRequest {
  const options: ToolRequestOptions = { name, allow, deny, limits, ...(retry !== undefined && { retry }) };
  switch (target?.kind) {
    case "git":
      return fromGit(target.url, {
        ...options,
        ...(target.ref !== undefined && { ref: target.ref }),
        ...(target.path !== undefined && { path: target.path }),
      });
    case "local":
      return fromLocal(target.path, { ...options, ...target.module });
    case "url":
      return fromUrl(target.url, { ...options, ...target.module });
    case "oci":
      return fromOci(target.url, { ...options, ...target.module });
    case undefined:
      throw toolError(file, name, "git", "the table does not say where the tool is");
  }
}

function toolError(file: string, name: string, key: string, message: string): PocketError {
  return new PocketError("ERR_POCKET_SETTINGS_INVALID", `${file}: [tools.${name}] ${message}`, {
    hint: 'add git = "https://…", local = "./…", url = "https://…/tool.wasm" or oci = "oci://…"',
    details: { file, key: `tools.${name}.${key}` },
  });
}
