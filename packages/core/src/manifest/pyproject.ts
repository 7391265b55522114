/** Reads the name and version that a Python project gives its wheels. */
import type { ToolFiles } from "../program.ts";
import { isTomlTable, type TomlValue } from "../toml.ts";
import { readTomlFile } from "./text-file.ts";

export interface PythonProject {
  readonly name: string;
  /** Absent where the build finds it ("dynamic"). */
  readonly version?: string;
}

/** What pyproject.toml says under `[project]`, else under `[tool.poetry]`; undefined when neither names the project. */
export function readPythonProject(files: ToolFiles): PythonProject | undefined {
  const content = readTomlFile(files, "pyproject.toml");
  if (content === undefined) return undefined;
  const candidates = [content["project"], memberOf(content["tool"], "poetry")];
  for (const candidate of candidates) {
    const name = memberOf(candidate, "name");
    const version = memberOf(candidate, "version");
    if (typeof name === "string") return { name, ...(typeof version === "string" && { version }) };
  }
  return undefined;
}

function memberOf(value: TomlValue | undefined, key: string): TomlValue | undefined {
  return isTomlTable(value) ? value[key] : undefined;
}
