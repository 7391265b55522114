/** The errors of a program that cannot be bundled, with the tool's own file and line. */
import { PocketError } from "@toolpocket/core";
import type { BuildFailure, Message } from "esbuild";
import type { MissingModule } from "./module-graph.ts";
import { toAuthorPath } from "./tool-tree.ts";

export function missingModuleError({ importer, line, specifier }: MissingModule): PocketError {
  const file = toAuthorPath(importer);
  const isPackage = !/^[./#]|^[a-z]+:/u.test(specifier);
  return new PocketError(
    "ERR_POCKET_TOOL_BROKEN",
    `${file}:${line} imports "${specifier}", which is not in the tool's tree`,
    {
      hint: isPackage
        ? "bundle the package into dist/index.js, or add node_modules to the tool's tree"
        : "correct the path, or add the file to the tool's tree",
      details: { file, line, import: specifier },
    },
  );
}

/** The PocketError for what esbuild reported; any other error as it is. */
export function toBundleError(error: unknown): unknown {
  if (!isBuildFailure(error)) return error;
  const [first] = error.errors;
  if (!first) return error;
  const where = locationOf(first);
  return new PocketError("ERR_POCKET_TOOL_BROKEN", `${where.text}${first.text.replace(/\.$/u, "")}`, {
    hint: "correct the tool's source",
    details: where.details,
    cause: error,
  });
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function locationOf({ location }: Message): { text: string; details: Record<string, unknown> } {
  if (!location) return { text: "", details: {} };
  const file = toAuthorPath(location.file.replace(/^tool:/u, ""));
  return { text: `${file}:${location.line}:${location.column + 1}: `, details: { file, line: location.line } };
}
