/** Reads the arguments that a model gives: every field checked, wrong ones told in words that it can act on. */
import { isJsonObject, nearestHint, type JsonValue } from "@toolpocket/core";
import type { ToolDeclaration } from "./declarations.ts";

/** What a model has written wrong. */
export class ArgumentFault extends Error {
  override readonly name = "ArgumentFault";
}

export interface ToolArguments {
  text(key: string): string;
  texts(key: string): readonly string[];
  flag(key: string): boolean | undefined;
}

/** @throws ArgumentFault where they are not an object of the tool's own keys; each reader where a value is of another type */
export function readArguments({ name, inputSchema }: ToolDeclaration, given: unknown): ToolArguments {
  const args = typeof given === "string" ? parseObject(name, given) : (given ?? {});
  if (!isJsonObject(args)) throw new ArgumentFault(`the arguments of ${name} are an object`);
  const keys = Object.keys(isJsonObject(inputSchema["properties"]) ? inputSchema["properties"] : {});
  const unknown = Object.keys(args).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    throw new ArgumentFault(`${name} has no parameter "${unknown.slice(0, 100)}"${nearestHint(unknown, keys)}`);
  }
  return {
    text(key) {
      const value = args[key];
      if (typeof value === "string" && (value.trim() !== "" || key === "code")) return value;
      throw new ArgumentFault(`${name} needs "${key}", a text`);
    },
    texts(key) {
      const value = args[key] ?? [];
      if (Array.isArray(value) && value.every((item): item is string => typeof item === "string")) return value;
      throw new ArgumentFault(`"${key}" of ${name} is a list of texts`);
    },
    flag(key) {
      const value = args[key] ?? undefined;
      if (value === undefined || typeof value === "boolean") return value;
      throw new ArgumentFault(`"${key}" of ${name} is true or false`);
    },
  };
}

/** Models write arguments as JSON text, too. */
function parseObject(name: string, text: string): JsonValue {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    throw new ArgumentFault(`the arguments of ${name} are not JSON`);
  }
}
