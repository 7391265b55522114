/** Reads variables: names with the text of their values. */
import { describeValue, quoteText } from "./describe-value.ts";
import { isTomlTable } from "../toml.ts";
import type { TableReader } from "./table-reader.ts";

/**
 * The variables under `key`; `{}` where it is absent. Text stays as it is; a number or a boolean becomes the text that
 * JSON has for it, so `1.50` becomes "1.5".
 */
export function readVariables(table: TableReader, key: string): Readonly<Record<string, string>> {
  const variables = table.optionalTable(key);
  if (variables === undefined) return {};
  return Object.fromEntries(variables.keys.map((name) => readVariable(variables, name)));
}

/** The name, checked, and the value of one variable. */
export function readVariable(variables: TableReader, name: string): readonly [name: string, value: string] {
  return [checkName(variables, name), readValue(variables, name)];
}

/** Whether an environment can hold a variable of this name. */
export function isVariableName(name: string): boolean {
  return /^[^=\0]+$/u.test(name) && name.isWellFormed();
}

/** Whether an environment can hold the value: any text, except that NUL would end it and a lone surrogate is no text. */
export function isVariableValue(value: string): boolean {
  return !value.includes("\0") && value.isWellFormed();
}

function checkName(variables: TableReader, name: string): string {
  if (isVariableName(name)) return name;
  throw variables.fault(name, `${quoteText(name)} cannot be the name of a variable`, {
    hint: 'use a name without "=" and NUL',
  });
}

function readValue(variables: TableReader, name: string): string {
  const value = variables.value(name);
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) return String(value);
  if (typeof value !== "string") {
    throw variables.fault(name, `the variable ${quoteText(name)} must be text, found ${describeValue(value)}`, {
      hint: isTomlTable(value) ? "bind a secret to one tool only, in tool_vars of [tools.NAME]" : "write it in quotes",
    });
  }
  if (isVariableValue(value)) return value;
  throw variables.fault(name, `the value of the variable ${quoteText(name)} holds a NUL or a lone surrogate`, {
    hint: "remove it: an environment variable cannot carry it",
  });
}
