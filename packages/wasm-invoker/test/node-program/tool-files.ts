/** Makes node programs of texts, for tests. */
import type { NodeProgram } from "@toolpocket/core";

/** A program of `files`, by path; the first is the entry. */
export function programOf(files: Readonly<Record<string, string>>, more: Partial<NodeProgram> = {}): NodeProgram {
  const encoder = new TextEncoder();
  const [path = ""] = Object.keys(files);
  return {
    runtime: "node",
    entry: { path },
    args: [],
    files: new Map(Object.entries(files).map(([name, text]) => [name, encoder.encode(text)])),
    ...more,
  };
}
