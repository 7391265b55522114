/** The syntax tree of TOML. It stands alone, for the types of its parser are not ours to publish. */
import { createRequire } from "node:module";
import type * as Parser from "toml-eslint-parser";
import type { TextPosition } from "./text-position.ts";
import { lowerFirst, syntaxError, type TextOrigin } from "./toml-fault.ts";

const require = createRequire(import.meta.url);

/** The syntax tree of `text`, for edits that keep the rest as it is. @throws as `parseToml` */
export function parseTomlTree(text: string, origin: TextOrigin): Parser.AST.TOMLProgram {
  const { ParseError, parseTOML } = loadParser();
  try {
    return parseTOML(text, { tomlVersion: "1.0" });
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const { lineNumber: line, column, message } = error;
    throw syntaxError(origin, { line, column: column + 1, reason: lowerFirst(message), cause: error });
  }
}

/** The parts of a key, as they are meant: `a."b c"` is ["a", "b c"]. */
export function toPath(key: Parser.AST.TOMLKey): (string | number)[] {
  return loadParser().getStaticTOMLValue(key);
}

/** The first part of a key whose name `isMeant`. */
export function findKeyNode(
  tree: Parser.AST.TOMLProgram,
  isMeant: (name: string) => boolean,
): { readonly name: string; readonly position: TextPosition } | undefined {
  let found: { name: string; position: TextPosition } | undefined;
  loadParser().traverseNodes(tree, {
    enterNode(node) {
      if (found !== undefined || (node.type !== "TOMLBare" && node.type !== "TOMLQuoted")) return;
      const name = node.type === "TOMLBare" ? node.name : node.value;
      const { line, column } = node.loc.start;
      if (isMeant(name)) found = { name, position: { line, column: column + 1 } };
    },
    leaveNode() {},
  });
  return found;
}

/** Loaded when it is needed: only edits and suspicious files need it. */
function loadParser(): typeof Parser {
  return require("toml-eslint-parser") as typeof Parser;
}
