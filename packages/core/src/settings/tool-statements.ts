/** Finds the places of settings.toml that define a tool; TOML has several ways to write one. */
import type { AST } from "toml-eslint-parser";
import type { TextOrigin } from "../toml-fault.ts";
import { parseTomlTree, toPath } from "../toml-tree.ts";

type Path = readonly (string | number)[];

/** A key with its value. */
export interface Assignment {
  /** The whole path, with the table's. */
  readonly path: Path;
  readonly range: readonly [number, number];
  readonly valueRange: readonly [number, number];
}

/** A `[header]` with what stands under it, up to its last assignment. */
export interface Section {
  readonly path: Path;
  readonly range: readonly [number, number];
  readonly assignments: readonly Assignment[];
}

export interface ToolStatements {
  /** Sections under `tools`, in the order of the text. */
  readonly sections: readonly Section[];
  /** Assignments under `tools` outside of those sections: before the first header. */
  readonly assignments: readonly Assignment[];
}

/** What of `text` defines tools. @throws PocketError with the origin's code */
export function findToolStatements(text: string, origin: TextOrigin): ToolStatements {
  const statements = parseTomlTree(text, origin).body[0].body;
  const sections = statements.filter((node) => node.type === "TOMLTable").map(toSection);
  const assignments = statements.filter((node) => node.type === "TOMLKeyValue").map((node) => toAssignment(node, []));
  return {
    sections: sections.filter(({ path }) => path[0] === "tools"),
    assignments: assignments.filter(({ path }) => path[0] === "tools"),
  };
}

/** Whether `path` leads to the tool or into it. */
export function isOfTool(path: Path, name: string): boolean {
  return path[0] === "tools" && path[1] === name;
}

function toSection(node: AST.TOMLTable): Section {
  return {
    path: node.resolvedKey,
    range: node.range,
    assignments: node.body.map((assignment) => toAssignment(assignment, node.resolvedKey)),
  };
}

function toAssignment(node: AST.TOMLKeyValue, prefix: Path): Assignment {
  return { path: [...prefix, ...toPath(node.key)], range: node.range, valueRange: node.value.range };
}
