/** One tool that runs the code that it is given, with folders bound to each run: what the tests of each runtime share. */
import type { RunnableTool, StorageGrant } from "@toolpocket/core";
import { afterAll } from "vitest";
import { createFrugalInvoker } from "../frugal-invoker.ts";
import { type ReadResult, runTool } from "../python/python-runs.ts";
import { type FolderContent, useFolders, withStorage } from "./granted-folder.ts";

export interface StorageRunner {
  readonly folderWith: (content: FolderContent) => string;
  readonly run: (
    code: string,
    storage: readonly StorageGrant[],
    more?: { readonly timeoutMs?: number },
  ) => Promise<ReadResult>;
}

/** @param runner runs the code in its variable CODE; one sandbox serves all tests of the file */
export function useStorageRunner(runner: RunnableTool): StorageRunner {
  const folderWith = useFolders();
  const invoker = createFrugalInvoker();
  afterAll(() => invoker.close());
  return {
    folderWith,
    run: (code, storage, more) =>
      runTool(invoker, withStorage(runner, storage), { environment: { CODE: code }, ...more }),
  };
}
