/** The tools of a session as files of the Python package `tools`: stubs, an index, groups. */
import { readFile } from "node:fs/promises";
import type { ToolInfo } from "@toolpocket/core";
import { toPythonPaths } from "./python-names.ts";
import { renderStub, type Stub, STUB_HEADER } from "./render-stub.ts";

/** A group of its own has at least so many tools that share the first word of their names. */
const MIN_GROUP = 3;
/** The group of the tools that share nothing. */
const OTHER_GROUP = "other";

export interface ToolCatalog {
  readonly stubs: readonly Stub[];
  /** Names of the groups with the number of their tools, largest first. */
  readonly groups: readonly (readonly [name: string, tools: number])[];
  /** The files of the package, for `modules` of a session. */
  readonly modules: Readonly<Record<string, string>>;
}

const PACKAGE = new URL("../python/tools/__init__.py", import.meta.url);

/** @throws PocketError ERR_POCKET_TOOL_DUPLICATE when two tools would have the same name in Python */
export async function createToolCatalog(tools: readonly ToolInfo[]): Promise<ToolCatalog> {
  const stubs = renderStubs(tools);
  const groupOf = groupTools(stubs);
  const index = stubs.map(({ tool, path, summary, renamed }) => ({
    tool,
    path,
    summary,
    renamed,
    group: groupOf(path),
  }));
  const counts = Map.groupBy(index, ({ group }) => group);
  return {
    stubs,
    groups: [...counts]
      .map(([name, members]) => [name, members.length] as const)
      .toSorted(([one, many], [other, more]) => more - many || (one < other ? -1 : 1)),
    modules: {
      "tools/__init__.py": await readFile(PACKAGE, "utf8"),
      "tools/_header.txt": STUB_HEADER,
      "tools/_index.json": JSON.stringify(index),
      ...Object.fromEntries(stubs.map(({ path, source }) => [`tools/stubs/${path}.py`, `${source}\n`])),
    },
  };
}

/** The stubs of tools. @throws PocketError ERR_POCKET_TOOL_DUPLICATE */
export function renderStubs(tools: readonly ToolInfo[]): readonly Stub[] {
  const paths = toPythonPaths(tools.map(({ name }) => name));
  return tools.map((info) => renderStub(info, paths.get(info.name) ?? info.name));
}

/** A tool's group is its outermost namespace; without one, the first word of its name where several share it. */
export function groupTools(stubs: readonly Stub[]): (path: string) => string {
  const firstWord = (path: string): string => /^[\p{L}\p{N}]+?(?=_|\p{Lu}|$)/u.exec(path)?.[0] ?? path;
  const words = Map.groupBy(
    stubs.filter(({ path }) => !path.includes(".")),
    ({ path }) => firstWord(path),
  );
  return (path) => {
    const [namespace = path, inner] = path.split(".");
    if (inner !== undefined) return namespace;
    const word = firstWord(path);
    return (words.get(word)?.length ?? 0) >= MIN_GROUP ? word : OTHER_GROUP;
  };
}
