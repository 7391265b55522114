/** The syntax tree of TOML. It stands alone, for the types of its parser are not ours to publish. */
import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import { lowerFirst, syntaxError, type TextOrigin } from "./toml-fault.ts";

/** The syntax tree of `text`, for edits that keep the rest as it is. @throws as `parseToml` */
export function parseTomlTree(text: string, origin: TextOrigin): AST.TOMLProgram {
  try {
    return parseTOML(text, { tomlVersion: "1.0" });
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const { lineNumber: line, column, message } = error;
    throw syntaxError(origin, { line, column: column + 1, reason: lowerFirst(message), cause: error });
  }
}
