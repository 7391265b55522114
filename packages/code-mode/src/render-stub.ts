/** The stub of a tool: a Python function with its types and what the tool says of itself. Its body is empty. */
import { isJsonObject, type JsonObject, type JsonValue, type ToolInfo } from "@toolpocket/core";
import { toDistinctNames } from "./python-names.ts";
import { toDocstring, toLiteral } from "./python-text.ts";
import { createTypeWriter } from "./python-types.ts";

export interface Stub {
  /** Name of the tool. */
  readonly tool: string;
  /** Where its function stands below `tools`, for example "weather.get". */
  readonly path: string;
  /** The first sentence of its description. */
  readonly summary: string;
  /** Python: the classes it needs, then the function. */
  readonly source: string;
  /** Names of arguments that Python had to be given another name for: Python's name → the tool's. */
  readonly renamed: Readonly<Record<string, string>>;
}

/** What stands before the sources of stubs. */
export const STUB_HEADER = "from typing import Any, Literal, Never, NotRequired, TypedDict\n";
const MAX_SUMMARY_CHARACTERS = 160;

/** @param path where its function stands below `tools` */
export function renderStub(
  {
    name,
    description,
    inputSchema,
    outputSchema,
  }: Pick<ToolInfo, "name" | "description" | "inputSchema" | "outputSchema">,
  path: string,
): Stub {
  const functionName = path.slice(path.lastIndexOf(".") + 1);
  const declared = new Set([functionName]);
  const types = createTypeWriter(inputSchema, declared);
  const title = path.replaceAll(".", " ");
  const { properties, required } = inputSchema;
  const members = isJsonObject(properties) ? Object.entries(properties) : [];
  const names = toDistinctNames(members.map(([key]) => key));
  const needed = new Set(Array.isArray(required) ? required : []);
  const parameters = members.map(([key, schema]) => ({
    key,
    name: names.get(key) ?? key,
    schema,
    type: types.write(schema, `${title} ${key}`),
    isRequired: needed.has(key),
  }));
  // What has to be given comes first. What the tool requires and its schema has a default for is sent by default.
  const given = parameters.filter(({ isRequired, schema }) => isRequired && defaultOf(schema) === undefined);
  const optional = parameters.filter((parameter) => !given.includes(parameter));
  const written = [
    ...given.map((parameter) => `${parameter.name}: ${parameter.type}`),
    ...(optional.length > 0 ? ["*"] : []),
    ...optional.map(({ name: own, type, schema, isRequired }) => {
      const value = defaultOf(schema);
      return `${own}: ${type} = ${isRequired && value !== undefined ? toLiteral(value) : "..."}`;
    }),
    ...(takesMore(inputSchema) ? [`**${freeName("more", names)}: Any`] : []),
  ];
  const output = outputSchema === undefined ? undefined : createTypeWriter(outputSchema, declared);
  const result = output?.write(outputSchema, `${title} result`) ?? "Any";
  const signature = `def ${functionName}(${written.join(", ")}) -> ${result}:`;
  const doc = [description.trim(), ...describeParameters(parameters)].filter((line) => line !== "").join("\n");
  const classes = [...types.declarations, ...(output?.declarations ?? [])];
  return {
    tool: name,
    path,
    summary: summarize(description),
    source: [...classes, [signature, ...(doc === "" ? [] : [toDocstring(doc, "    ")]), "    ..."].join("\n")].join(
      "\n\n",
    ),
    renamed: Object.fromEntries(
      parameters.filter(({ key, name: own }) => key !== own).map(({ key, name: own }) => [own, key]),
    ),
  };
}

interface Parameter {
  readonly key: string;
  readonly name: string;
  readonly schema: JsonValue;
}

function describeParameters(parameters: readonly Parameter[]): string[] {
  const lines = parameters.flatMap(({ key, name, schema }) => {
    const { description, default: value } = isJsonObject(schema) ? schema : {};
    const facts = [
      ...(typeof description === "string" && description.trim() !== "" ? [toOneLine(description)] : []),
      ...(value === undefined ? [] : [`Default: ${JSON.stringify(value)}.`]),
      ...(key === name ? [] : [`Sent as ${JSON.stringify(key)}.`]),
    ];
    return facts.length === 0 ? [] : [`    ${name}: ${facts.join(" ")}`];
  });
  return lines.length === 0 ? [] : ["Args:", ...lines];
}

function defaultOf(schema: JsonValue): JsonValue | undefined {
  return isJsonObject(schema) ? schema["default"] : undefined;
}

/** Whether the tool takes arguments that its schema does not name. */
function takesMore({ properties, additionalProperties }: JsonObject): boolean {
  if (additionalProperties !== undefined) return additionalProperties !== false;
  return !isJsonObject(properties) || Object.keys(properties).length === 0;
}

function freeName(wanted: string, names: ReadonlyMap<string, string>): string {
  const taken = new Set(names.values());
  let name = wanted;
  while (taken.has(name)) name = `${name}_`;
  return name;
}

function summarize(description: string): string {
  const sentence = /^.*?[.!?](?=\s|$)/su.exec(description.trim())?.[0] ?? description.trim();
  const line = sentence.replaceAll(/\s+/gu, " ");
  return line.length <= MAX_SUMMARY_CHARACTERS ? line : `${line.slice(0, MAX_SUMMARY_CHARACTERS - 1)}…`;
}

function toOneLine(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ");
}
