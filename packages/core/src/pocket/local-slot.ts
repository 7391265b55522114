/** The place of a local tool, which the user edits while he works: a change is seen by the next call. */
import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { isPocketError } from "../errors.ts";
import { describeBroken } from "../lockfile/broken-tool.ts";
import type { ToolFiles } from "../program.ts";
import { digestTree } from "../store/digest-tree.ts";
import { readFolder } from "../store/read-folder.ts";
import type { LoadedTool, ToolSlot } from "./loaded-tool.ts";

export interface LocalSlotOptions {
  readonly name: string;
  /** The tool's source on one line. */
  readonly source: string;
  readonly folder: string;
  /** As they were read when the Pocket was loaded, and the tool that they made. */
  readonly files: ToolFiles;
  readonly tool: LoadedTool;
  /** Makes the tool of its files; throws a `PocketError` when they make none. */
  readonly bind: (files: ToolFiles) => LoadedTool;
}

interface FolderState {
  /** Of the tool's files and folders when they were read; "" when they have to be read again. */
  readonly stamp: string;
  readonly paths: readonly string[];
  readonly digest: string;
  readonly tool: LoadedTool;
}

/**
 * Before each call the times of the tool's files and folders are looked at, which takes microseconds for a small tool;
 * where one differs, the folder is read again. A tool that is broken while it is edited mends itself.
 */
export function createLocalSlot(options: LocalSlotOptions): ToolSlot {
  let state: FolderState = { ...describeFiles(options.files), tool: options.tool };
  let reading: Promise<void> | undefined;
  const readAgain = async (): Promise<void> => {
    state = await readState(options, state);
    reading = undefined;
  };
  return {
    name: options.name,
    async current() {
      if (state.stamp === "" || stampFiles(options.folder, state.paths) !== state.stamp)
        await (reading ??= readAgain());
      return state.tool;
    },
  };
}

/** The stamp is taken before the content is read, so that no edit falls between the two. */
async function readState(options: LocalSlotOptions, before: FolderState): Promise<FolderState> {
  const stamp = stampFiles(options.folder, before.paths);
  try {
    const files = await readFolder(options.folder);
    const state = digestTree(files) === before.digest ? before : bindFiles(options, files);
    return { ...state, stamp: String(state.paths) === String(before.paths) ? stamp : "" };
  } catch (error) {
    return { ...before, stamp: "", digest: "", tool: breakTool(options, error) };
  }
}

function bindFiles(options: LocalSlotOptions, files: ToolFiles): FolderState {
  try {
    return { ...describeFiles(files), tool: options.bind(files) };
  } catch (error) {
    return { ...describeFiles(files), tool: breakTool(options, error) };
  }
}

function describeFiles(files: ToolFiles): Omit<FolderState, "tool"> {
  return { stamp: "", paths: [...files.keys()], digest: digestTree(files) };
}

function breakTool({ name, source }: LocalSlotOptions, error: unknown): LoadedTool {
  if (!isPocketError(error)) throw error;
  return { kind: "broken", broken: describeBroken(name, source, error), error };
}

/** Changes whenever a file or a folder of the tool does: a new file changes the time of its folder. */
function stampFiles(folder: string, paths: Iterable<string>): string {
  const places = new Set([folder]);
  for (const path of paths) {
    for (let place = join(folder, path); place !== folder; place = dirname(place)) places.add(place);
  }
  return [...places].map(stampFile).join("\n");
}

function stampFile(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? "-" : `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
}
