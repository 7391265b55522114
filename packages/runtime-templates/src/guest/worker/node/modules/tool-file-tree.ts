/** The files that modules are loaded from: the tool's own, until the program has a file system, then that. */
import type { GuestFile } from "../../../../protocol/guest-program.ts";
import { type ModuleTree, parentFolder, resolvePath, TOOL_ROOT } from "../../../../node-resolution/module-tree.ts";
import type { Exports } from "../node-realm.ts";

export interface ToolFileTree extends ModuleTree {
  /** Absolute path and content of the tool's files. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** From now on `fs` holds the files, with what the tool writes. */
  mount(fs: Exports): void;
}

export function createToolFileTree(guestFiles: readonly GuestFile[]): ToolFileTree {
  const files = new Map(guestFiles.map(({ path, content }) => [resolvePath(TOOL_ROOT, path), content]));
  const folders = new Set<string>(["/"]);
  for (const path of files.keys()) {
    for (let folder = parentFolder(path); !folders.has(folder); folder = parentFolder(folder)) folders.add(folder);
  }
  const decoder = new TextDecoder();
  let mounted: Exports;
  const stat = (path: string): Exports => mounted.statSync(path, { throwIfNoEntry: false });
  return {
    files,
    isFile: (path) => (mounted ? (stat(path)?.isFile() ?? false) : files.has(path)),
    isDirectory: (path) => (mounted ? (stat(path)?.isDirectory() ?? false) : folders.has(path)),
    readText: (path) => decoder.decode(mounted ? mounted.readFileSync(path) : files.get(path)),
    mount(fs) {
      mounted = fs;
    },
  };
}
