/** Folders of a test's own, granted to its tools, and what stands in them. */
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { RunnableTool, StorageGrant } from "@toolpocket/core";
import { afterAll, beforeAll } from "vitest";

export type FolderContent = Readonly<Record<string, string | null>>;

/** A new folder with these files; null makes a folder. */
export function createFolder(content: FolderContent = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "pocket-storage-"));
  writeInto(folder, content);
  return folder;
}

export function writeInto(folder: string, content: FolderContent): void {
  for (const [path, text] of Object.entries(content)) {
    const at = join(folder, path);
    mkdirSync(text === null ? at : dirname(at), { recursive: true });
    if (text !== null) writeFileSync(at, text);
  }
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Everything in the folder: text of files, null for folders, "-> target" for links. */
export function contentOf(folder: string): Record<string, string | null> {
  const found: Record<string, string | null> = {};
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const at = join(folder, name);
    const state = lstatSync(at);
    if (state.isSymbolicLink()) found[name] = `-> ${readlinkSync(at)}`;
    else found[name] = state.isFile() ? readFileSync(at, "utf8") : null;
  }
  return found;
}

export function grant(folder: string, access: "read" | "write", name = "data"): StorageGrant {
  return { name, access, folder };
}

/** The tool with these folders granted. */
export function withStorage(tool: RunnableTool, storage: readonly StorageGrant[]): RunnableTool {
  return { ...tool, grants: { network: { allow: [], deny: [] }, storage } };
}

/** Makes folders for the tests of the file that calls it, with a store of their own, and removes them after it. */
export function useFolders(): (content?: FolderContent) => string {
  const made: string[] = [];
  const folderWith = (content: FolderContent = {}): string => {
    const folder = createFolder(content);
    made.push(folder);
    return folder;
  };
  beforeAll(() => {
    process.env["POCKET_HOME"] = folderWith();
  });
  afterAll(() => {
    delete process.env["POCKET_HOME"];
    made.forEach(removeFolder);
  });
  return folderWith;
}
