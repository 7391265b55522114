/** Which paths of the user's folder are copied. */
import { describeUnsafePath } from "@toolpocket/core";

const LEFT_OUT = new Set(["node_modules", "__pycache__"]);

export interface IncludedPaths {
  /** Whether the file is copied. */
  hasFile(path: string): boolean;
  /** Whether the folder may hold files that are. */
  mayHold(path: string): boolean;
}

/** @throws TypeError when an entry of the list leaves the folder */
export function readIncludedPaths(include: readonly string[] | undefined): IncludedPaths {
  const isSafe = (path: string): boolean => path.isWellFormed() && describeUnsafePath(path) === null;
  if (include === undefined) {
    const isShown = (path: string): boolean =>
      isSafe(path) && path.split("/").every((name) => !name.startsWith(".") && !LEFT_OUT.has(name));
    return { hasFile: isShown, mayHold: isShown };
  }
  const entries = include.map(normalize);
  const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
  return {
    hasFile: (path) => isSafe(path) && entries.some((entry) => isWithin(path, entry)),
    mayHold: (path) => isSafe(path) && entries.some((entry) => isWithin(path, entry) || isWithin(entry, path)),
  };
}

function normalize(entry: string): string {
  const path = entry.replace(/^\.\//u, "").replace(/(?<!\/)\/+$/u, "");
  if (path !== "" && describeUnsafePath(path) === null) return path;
  throw new TypeError(`${JSON.stringify(entry)} in the workspace's \`include\` is no path in its folder`);
}
