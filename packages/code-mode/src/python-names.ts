/** Makes names of tools and arguments into names that Python takes. */
import { PocketError } from "@toolpocket/core";

const KEYWORDS = new Set(
  ["False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del"]
    .concat(["elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda"])
    .concat(["nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield"]),
);
/** What stands between the parts of a name that are namespaces: `github.issues`, `github/issues`, `mcp__github__issues`. */
const SEPARATOR = /[./:]|__+/u;

/** A legal identifier that is as near to `text` as may be; a keyword gets `_` behind it. Python compares names in NFKC. */
export function toIdentifier(text: string): string {
  const name = text
    .normalize("NFKC")
    .replaceAll(/[^\p{ID_Continue}]+/gu, "_")
    .replace(/^(?=\p{ID_Continue})(?!\p{ID_Start}|_)/u, "_");
  if (name === "") return "_";
  return KEYWORDS.has(name) ? `${name}_` : name;
}

/** Whether Python takes `text` as it is. */
export function isIdentifier(text: string): boolean {
  return text !== "_" && toIdentifier(text) === text;
}

/** Names for `wanted` that differ from each other: what is legal as it is stays, the others make way. */
export function toDistinctNames(wanted: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(wanted.filter(isIdentifier));
  const names = new Map<string, string>();
  for (const text of wanted) {
    if (isIdentifier(text)) {
      names.set(text, text);
      continue;
    }
    const base = toIdentifier(text);
    let name = base;
    for (let count = 2; taken.has(name); count += 1) name = `${base}_${count}`;
    taken.add(name);
    names.set(text, name);
  }
  return names;
}

/** What the package `tools` has of its own. */
const OWN_NAMES = new Set(["ToolError", "search_tools", "list_tools", "read_stub", "read_result"]);

/** The path of a tool below `tools`: its namespaces and its function. No part begins with `_`, which is the package's own. */
export function toPythonPath(tool: string): string {
  const parts = tool.split(SEPARATOR).filter((part) => part !== "");
  const path = (parts.length === 0 ? [tool] : parts)
    .map((part) => toIdentifier(part).replace(/^_+/u, ""))
    .map((part) => toIdentifier(part === "" ? "tool" : part).replace(/^_/u, "n"))
    .join(".");
  return OWN_NAMES.has(path) ? `${path}_` : path;
}

/**
 * The paths of tools.
 * @throws PocketError ERR_POCKET_TOOL_DUPLICATE when two would have the same, with both names
 */
export function toPythonPaths(tools: readonly string[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  const paths = new Map<string, string>();
  for (const tool of tools) {
    const path = toPythonPath(tool);
    const owner = owners.get(path);
    if (owner !== undefined) {
      throw new PocketError(
        "ERR_POCKET_TOOL_DUPLICATE",
        `the tools "${owner}" and "${tool}" would both be tools.${path} in Python`,
        {
          hint: "give one of them another name, or leave it out with `tools`",
          details: { tools: [owner, tool], path },
        },
      );
    }
    owners.set(path, tool);
    paths.set(tool, path);
  }
  return paths;
}
