/** Binds a tool's variables: which value each one has, out of all who may set it. */
import { PocketError } from "./errors.ts";
import { nearestHint, nearestName } from "./nearest.ts";
import { isSecretReference, type VariableValue } from "./secrets/secret-reference.ts";
import { quoteText } from "./tables/describe-value.ts";
import { isVariableValue } from "./tables/variables-table.ts";

export type Variables = Readonly<Record<string, string>>;
/** Each a text, or a reference to a secret. */
export type BoundVariables = Readonly<Record<string, VariableValue>>;

export interface VariableSources {
  /** The tool's name, for messages. */
  readonly tool: string;
  /** What the tool declares, with its defaults. */
  readonly declared: Variables;
  /** Names that may be set too, and are absent unless somebody does: of tokens, and of the environment that it asks for. */
  readonly optional?: readonly string[];
  /** `toolVars` of the request. */
  readonly code?: BoundVariables | undefined;
  /** `[tools.NAME].tool_vars` */
  readonly toolSettings?: BoundVariables | undefined;
  /** `[tool_vars]` */
  readonly settings?: Variables | undefined;
}

/**
 * The value of every variable that the tool declares: code > `[tools.NAME].tool_vars` > `[tool_vars]` > the tool's own.
 * Values are not changed. A name in settings that is not declared as written is matched without regard to case, since
 * the environment, where settings may come from, is written in capitals.
 * @throws PocketError ERR_POCKET_VARIABLE_UNKNOWN when code or `[tools.NAME]` set one that the tool does not declare;
 * ERR_POCKET_SETTINGS_INVALID when a value holds a NUL or is no text.
 */
export function resolveVariables({
  tool,
  declared,
  optional = [],
  code,
  toolSettings,
  settings,
}: VariableSources): Record<string, VariableValue> {
  const names = [...new Set([...Object.keys(declared), ...optional])];
  const values = new Map<string, VariableValue>(Object.entries(declared));
  for (const [name, value] of sortExactLast(settings, names)) {
    const match = matchName(name, names);
    if (match !== undefined) values.set(match, value);
  }
  for (const [name, value] of sortExactLast(toolSettings, names)) {
    const match = matchName(name, names);
    if (match === undefined) throw unknownVariable(`[tools.${tool}]`, tool, name, names);
    values.set(match, value);
  }
  for (const [name, value] of Object.entries(code ?? {})) {
    if (!names.includes(name)) throw unknownVariable("toolVars", tool, name, names);
    values.set(name, checkValue(tool, name, value));
  }
  return Object.fromEntries(values);
}

export interface SharedVariables {
  /** The settings file, for messages. */
  readonly file: string;
  /** `[tool_vars]` */
  readonly settings: Variables;
  /** What each tool of the Pocket declares. */
  readonly declared: readonly Variables[];
}

/**
 * Checks `[tool_vars]`, of which each tool takes what it declares. Not to be called while a tool is broken, whose
 * variables are not known.
 * @throws PocketError ERR_POCKET_VARIABLE_UNKNOWN when a variable is declared by none.
 */
export function checkSharedVariables({ file, settings, declared }: SharedVariables): void {
  const names = [...new Set(declared.flatMap((variables) => Object.keys(variables)))];
  const isDeclared = (name: string): boolean =>
    declared.some((variables) => matchName(name, Object.keys(variables)) !== undefined);
  const unknown = Object.keys(settings).find((name) => !isDeclared(name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, names);
  const text = `${file}: [tool_vars] sets ${quoteText(unknown)}, which no tool declares`;
  throw new PocketError("ERR_POCKET_VARIABLE_UNKNOWN", `${text}${nearestHint(unknown, names)}`, {
    hint: nearest === undefined ? `remove ${unknown} from [tool_vars]` : `write ${nearest}`,
    details: { file, key: `tool_vars.${unknown}`, variable: unknown, ...(nearest !== undefined && { nearest }) },
  });
}

/** The declared name itself, else the only one that differs in case alone. */
function matchName(name: string, declared: readonly string[]): string | undefined {
  if (declared.includes(name)) return name;
  const alike = declared.filter((other) => other.toLowerCase() === name.toLowerCase());
  return alike.length === 1 ? alike[0] : undefined;
}

/** The name as the tool declares it wins over one in other case. */
function sortExactLast<Value>(
  variables: Readonly<Record<string, Value>> | undefined,
  declared: readonly string[],
): readonly [string, Value][] {
  return Object.entries(variables ?? {}).toSorted(
    ([a], [b]) => Number(declared.includes(a)) - Number(declared.includes(b)),
  );
}

function unknownVariable(place: string, tool: string, name: string, names: readonly string[]): PocketError {
  const nearest = nearestName(name, names);
  const message = `${place} sets the variable ${quoteText(name)}, which the tool "${tool}" does not declare`;
  const declared = names.length === 0 ? "it declares none" : `it declares ${names.slice(0, 10).join(", ")}`;
  return new PocketError("ERR_POCKET_VARIABLE_UNKNOWN", `${message}${nearestHint(name, names)}`, {
    hint: nearest === undefined ? `remove ${name}: ${declared}` : `write ${nearest}`,
    details: { tool, variable: name, ...(nearest !== undefined && { nearest }) },
  });
}

function checkValue(tool: string, name: string, value: unknown): VariableValue {
  if (isSecretReference(value) || (typeof value === "string" && isVariableValue(value))) return value;
  const fault = typeof value === "string" ? "holds a NUL or a lone surrogate" : "is neither text nor secret(…)";
  throw new PocketError(
    "ERR_POCKET_SETTINGS_INVALID",
    `the variable ${quoteText(name)} of the tool "${tool}" ${fault}`,
    {
      hint: "give it text that an environment variable can carry",
      details: { tool, variable: name },
    },
  );
}
