/** Writes the variables of a tool as the line of settings.toml that sets them. */
import type { VariableValue } from "../secrets/secret-reference.ts";
import type { TomlTable } from "../toml.ts";
import { renderAssignment } from "./render-toml.ts";

/** For example `tool_vars = { KEY = { secret = "KEY", hosts = ["api.example.com"] } }`, as it stands in `[tools.NAME]`. */
export function renderToolVars(variables: Readonly<Record<string, VariableValue>>): string {
  return renderAssignment("tool_vars", toToolVarsTable(variables));
}

/** The table of the same. */
export function toToolVarsTable(variables: Readonly<Record<string, VariableValue>>): TomlTable {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, toTomlValue(value)]));
}

function toTomlValue(value: VariableValue): string | TomlTable {
  if (typeof value === "string") return value;
  const { name, hosts, expose } = value;
  return {
    secret: name,
    ...(hosts !== undefined && { hosts: [...hosts] }),
    ...(expose !== undefined && { expose }),
  };
}
