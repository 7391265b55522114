/** Writes JSON Schema as Python types: TypedDict, Literal, unions, references. What cannot be said is `Any`. */
import { isJsonObject, type JsonObject, type JsonSchema, type JsonValue } from "@toolpocket/core";
import { isIdentifier, toIdentifier } from "./python-names.ts";
import { toDocstring, toLiteral, toStringLiteral } from "./python-text.ts";

/** Schemas inside of schemas that are followed. */
const MAX_DEPTH = 12;
/** Values of an `enum` that are listed. */
const MAX_LITERALS = 60;
/** Members of a union that are listed. */
const MAX_UNION = 20;

/** What a stub imports. */
const IMPORTED = new Set(["Any", "Literal", "Never", "NotRequired", "TypedDict"]);

export interface TypeWriter {
  /** The type of a schema, as an expression. `hint` names the class that it may need. */
  write(schema: JsonValue | undefined, hint: string): string;
  /** The classes that the types written so far need. */
  readonly declarations: readonly string[];
}

/**
 * @param root the document that references point into
 * @param names of the function and the classes that the stub has: those of its new classes come to it
 */
export function createTypeWriter(root: JsonSchema, names: Set<string>): TypeWriter {
  const declarations: string[] = [];
  /** Classes of references: known before they are written, so that a schema may contain itself. */
  const references = new Map<string, string>();

  function claim(hint: string): string {
    const words = hint.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
    const base = toIdentifier(words.map((word) => (word[0] ?? "").toUpperCase() + word.slice(1)).join("") || "Value");
    let name = base;
    for (let count = 2; IMPORTED.has(name) || names.has(name); count += 1) name = `${base}${count}`;
    names.add(name);
    return name;
  }

  function write(schema: JsonValue | undefined, hint: string, depth: number): string {
    if (schema === false) return "Never";
    if (!isJsonObject(schema) || depth > MAX_DEPTH) return "Any";
    const { $ref, const: constant, enum: values, anyOf, oneOf, allOf } = schema;
    if (typeof $ref === "string") return writeReference($ref, depth);
    if (constant !== undefined) return writeLiterals([constant]);
    if (Array.isArray(values)) return writeLiterals(values);
    const union = [anyOf, oneOf].find((branches) => Array.isArray(branches));
    if (union) return joinTypes(union.map((branch) => write(inherit(schema, branch), hint, depth + 1)));
    if (Array.isArray(allOf)) return write(mergeAll(schema, allOf), hint, depth + 1);
    return orNone(writeByType(schema, hint, depth), schema);
  }

  function writeByType(schema: JsonObject, hint: string, depth: number): string {
    const { type } = schema;
    if (Array.isArray(type)) return joinTypes(type.map((one) => writeByType({ ...schema, type: one }, hint, depth)));
    switch (type) {
      case "string":
        return "str";
      case "integer":
        return "int";
      case "number":
        return "float";
      case "boolean":
        return "bool";
      case "null":
        return "None";
      case "array":
        return writeArray(schema, hint, depth);
      case "object":
        return writeObject(schema, hint, depth);
      default:
        if (isJsonObject(schema["properties"])) return writeObject(schema, hint, depth);
        return schema["items"] === undefined ? "Any" : writeArray(schema, hint, depth);
    }
  }

  function writeArray({ items, prefixItems }: JsonObject, hint: string, depth: number): string {
    const tuple = [prefixItems, items].find((parts) => Array.isArray(parts));
    if (tuple && tuple.length > 0) {
      return `tuple[${tuple.map((part, index) => write(part, `${hint} ${index + 1}`, depth + 1)).join(", ")}]`;
    }
    return `list[${write(Array.isArray(items) ? undefined : items, `${hint} item`, depth + 1)}]`;
  }

  function writeObject(schema: JsonObject, hint: string, depth: number): string {
    const { properties, additionalProperties } = schema;
    if (!isJsonObject(properties) || Object.keys(properties).length === 0) {
      return `dict[str, ${isJsonObject(additionalProperties) ? write(additionalProperties, hint, depth + 1) : "Any"}]`;
    }
    return declareClass(schema, claim(hint), depth);
  }

  function declareClass({ properties, required, description }: JsonObject, name: string, depth: number): string {
    const known = new Set(Array.isArray(required) ? required : []);
    const members = Object.entries(isJsonObject(properties) ? properties : {}).map(([key, member]) => {
      const type = write(member, `${name} ${key}`, depth + 1);
      return { key, type: known.has(key) ? type : `NotRequired[${type}]` };
    });
    declarations.push(
      // A class changes names that begin with two underscores.
      members.every(({ key }) => isIdentifier(key) && !key.startsWith("__"))
        ? [
            `class ${name}(TypedDict):`,
            ...docOf(description),
            ...members.map(({ key, type }) => `    ${key}: ${type}`),
          ].join("\n")
        : `${name} = TypedDict(${toStringLiteral(name)}, {${members
            .map(({ key, type }) => `${toStringLiteral(key)}: ${quoteType(type)}`)
            .join(", ")}})`,
    );
    return name;
  }

  function writeReference(reference: string, depth: number): string {
    const known = references.get(reference);
    if (known !== undefined) return known;
    const target = resolveReference(root, reference);
    if (!isJsonObject(target) || target["$ref"] === reference) return "Any";
    if (!isJsonObject(target["properties"])) {
      // No class stands for it, so one that leads back to itself ends here.
      references.set(reference, "Any");
      const type = write(target, lastPart(reference), depth + 1);
      references.set(reference, type);
      return type;
    }
    const name = claim(lastPart(reference));
    references.set(reference, name);
    return declareClass(target, name, depth);
  }

  return { write: (schema, hint) => write(schema, hint, 0), declarations };
}

function docOf(description: JsonValue | undefined): string[] {
  return typeof description === "string" && description.trim() !== "" ? [toDocstring(description, "    ")] : [];
}

/** In a call, types are read at once: those that come later are given as text. */
function quoteType(type: string): string {
  const inner = /^NotRequired\[(?<inner>.*)\]$/su.exec(type)?.groups?.["inner"];
  return inner === undefined ? toStringLiteral(type) : `NotRequired[${toStringLiteral(inner)}]`;
}

function writeLiterals(values: readonly JsonValue[]): string {
  const plain = values.filter(
    (value) => value === null || ["string", "boolean"].includes(typeof value) || Number.isInteger(value),
  );
  const others = values.filter((value) => !plain.includes(value)).map(typeOfValue);
  if (plain.length > MAX_LITERALS) return joinTypes([...plain.map(typeOfValue), ...others]);
  const literal = plain.length === 0 ? [] : [`Literal[${[...new Set(plain.map(toLiteral))].join(", ")}]`];
  return joinTypes([...literal, ...others]);
}

function typeOfValue(value: JsonValue): string {
  if (value === null) return "None";
  if (Array.isArray(value)) return "list[Any]";
  const types: Record<string, string> = {
    string: "str",
    boolean: "bool",
    number: Number.isInteger(value) ? "int" : "float",
  };
  return types[typeof value] ?? "dict[str, Any]";
}

function joinTypes(types: readonly string[]): string {
  const distinct = [...new Set(types)];
  if (distinct.length === 0 || distinct.includes("Any") || distinct.length > MAX_UNION) return "Any";
  const last = distinct.filter((type) => type !== "None");
  return [...last, ...(last.length < distinct.length ? ["None"] : [])].join(" | ");
}

/** OpenAPI's way to say that null is allowed. */
function orNone(type: string, { nullable }: JsonObject): string {
  return nullable === true && type !== "Any" ? joinTypes([type, "None"]) : type;
}

/** A branch of a union, with the properties and the type that stand beside the union. */
function inherit({ type, properties, required }: JsonObject, branch: JsonValue): JsonValue {
  if (!isJsonObject(branch) || branch["$ref"] !== undefined) return branch;
  return mergeAll({}, [
    { ...(type !== undefined && { type }), ...(properties && { properties }), ...(required && { required }) },
    branch,
  ]);
}

/** One schema of several that all hold, as far as types go. */
function mergeAll({ allOf: _all, ...schema }: JsonObject, parts: readonly JsonValue[]): JsonObject {
  const all = [schema, ...parts.filter(isJsonObject)];
  const properties = all.flatMap((part) =>
    isJsonObject(part["properties"]) ? Object.entries(part["properties"]) : [],
  );
  const required = all.flatMap((part) => (Array.isArray(part["required"]) ? part["required"] : []));
  return {
    ...Object.fromEntries(all.flatMap((part) => Object.entries(part))),
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(required.length > 0 && { required }),
  };
}

function resolveReference(root: JsonSchema, reference: string): JsonValue | undefined {
  if (reference === "#") return root;
  if (!reference.startsWith("#/")) return undefined;
  let found: JsonValue | undefined = root;
  for (const part of decodePointer(reference.slice(2))) {
    const key: string = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(found)) found = found[Number(key)];
    else if (isJsonObject(found) && Object.hasOwn(found, key)) found = found[key];
    else return undefined;
  }
  return found;
}

function decodePointer(pointer: string): string[] {
  try {
    return decodeURIComponent(pointer).split("/");
  } catch {
    return pointer.split("/");
  }
}

function lastPart(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1) || "Value";
}
