/** Reads the `tool_vars` of one tool in settings: text, or a reference to a secret. */
import { isSecretName, secret, type VariableValue } from "../secrets/secret-reference.ts";
import { isTomlTable } from "../toml.ts";
import { readHosts } from "./hosts-list.ts";
import type { TableReader } from "./table-reader.ts";
import { readVariable } from "./variables-table.ts";

const REFERENCE_KEYS = ["secret", "hosts", "expose"] as const;

/** The values under `key`; `{}` where it is absent. `{ secret = "NAME", hosts = […], expose = true }` is a reference. */
export function readToolVars(table: TableReader, key: string): Readonly<Record<string, VariableValue>> {
  const variables = table.optionalTable(key);
  if (variables === undefined) return {};
  return Object.fromEntries(
    variables.keys.map((name) =>
      isTomlTable(variables.value(name)) ? [name, readReference(variables.table(name))] : readVariable(variables, name),
    ),
  );
}

function readReference(table: TableReader): VariableValue {
  table.only(REFERENCE_KEYS);
  const name = table.text("secret");
  if (!isSecretName(name)) {
    throw table.fault("secret", '"secret" must be the name of a secret', {
      hint: 'write letters, digits, "_", "-" and ".", as the name stands in [secrets]',
    });
  }
  const expose = table.value("expose");
  if (expose !== undefined && typeof expose !== "boolean") {
    throw table.fault("expose", '"expose" must be true or false', { hint: "write expose = true, or leave it out" });
  }
  const hosts = readHosts(table);
  return secret(name, { ...(hosts !== undefined && { hosts }), ...(expose !== undefined && { expose }) });
}
