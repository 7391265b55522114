/** The tool's files as the tree in which its modules are looked up: `/tool` and nothing else. */
import type { ToolFiles } from "@toolpocket/core";
import { type ModuleTree, parentFolder, resolvePath, TOOL_ROOT } from "@toolpocket/runtime-templates/node-resolution";

export interface ToolTree extends ModuleTree {
  /** Absolute paths of all files. */
  readonly paths: readonly string[];
}

export function createToolTree(files: ToolFiles): ToolTree {
  const contents = new Map(Array.from(files, ([path, content]) => [resolvePath(TOOL_ROOT, path), content]));
  const folders = new Set<string>(["/"]);
  for (const path of contents.keys()) {
    for (let folder = parentFolder(path); !folders.has(folder); folder = parentFolder(folder)) folders.add(folder);
  }
  const texts = new Map<string, string>();
  const decoder = new TextDecoder();

  function readText(path: string): string {
    const content = contents.get(path);
    if (!content) throw new Error(`no file ${path} in the tool`);
    let text = texts.get(path);
    if (text === undefined) texts.set(path, (text = decoder.decode(content)));
    return text;
  }

  return {
    paths: [...contents.keys()],
    isFile: (path) => contents.has(path),
    isDirectory: (path) => folders.has(path),
    readText,
  };
}

/** `path` inside the guest as the tool's author knows it. */
export function toAuthorPath(path: string): string {
  return path.startsWith(`${TOOL_ROOT}/`) ? path.slice(TOOL_ROOT.length + 1) : path;
}
