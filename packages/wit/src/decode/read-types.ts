/** Reads type definitions: values, functions, and the types of instances. */
import { WitRefusal } from "../refusal.ts";
import type { PrimitiveKind, WitType } from "../types.ts";
import { type Cursor, malformed, readByte, readName, readS33, readU32, readVector } from "./cursor.ts";
import { readAlias, readExternName } from "./read-names.ts";
import { at, createScope, define, type FunctionType, type Item, type Scope, spend, type TypeItem } from "./scope.ts";

const PRIMITIVES: Readonly<Record<number, PrimitiveKind>> = {
  0x7f: "bool",
  0x7e: "s8",
  0x7d: "u8",
  0x7c: "s16",
  0x7b: "u16",
  0x7a: "s32",
  0x79: "u32",
  0x78: "s64",
  0x77: "u64",
  0x76: "f32",
  0x75: "f64",
  0x74: "char",
  0x73: "string",
};
const ERROR_CONTEXT = 0x64;

/** A definition of the type section, by its first byte. */
export function readType(cursor: Cursor, scope: Scope): TypeItem {
  spend(scope);
  const code = readByte(cursor);
  switch (code) {
    case 0x40:
    case 0x43:
      return { kind: "function", type: readFunction(cursor, scope, code === 0x43) };
    case 0x41:
      readDeclarations(cursor, scope);
      return { kind: "component" };
    case 0x42:
      return { kind: "instance", exports: readDeclarations(cursor, scope) };
    case 0x3f:
      readByte(cursor);
      if (readByte(cursor) === 1) readU32(cursor);
      return { kind: "resource", name: "" };
    default:
      return { kind: "value", type: readValueType(code, cursor, scope) };
  }
}

function readFunction(cursor: Cursor, scope: Scope, isAsync: boolean): FunctionType {
  const parameters = readVector(cursor, () => ({ name: readName(cursor), type: readTypeUse(cursor, scope) }));
  if (readByte(cursor) === 0) return { parameters, result: readTypeUse(cursor, scope), isAsync };
  if (readU32(cursor) > 0) throw new WitRefusal("unsupported", "a function of the component has named results");
  return { parameters, isAsync };
}

function readValueType(code: number, cursor: Cursor, scope: Scope): WitType {
  const primitive = toPrimitive(code);
  if (primitive !== undefined) return primitive;
  const use = (): WitType => readTypeUse(cursor, scope);
  switch (code) {
    case 0x72:
      return { kind: "record", fields: readVector(cursor, () => ({ name: readName(cursor), type: use() })) };
    case 0x71:
      return { kind: "variant", cases: readVector(cursor, () => readCase(cursor, scope)) };
    case 0x70:
      return { kind: "list", element: use() };
    case 0x67:
      return { kind: "list", element: use(), length: readU32(cursor) };
    case 0x6f:
      return { kind: "tuple", elements: readVector(cursor, use) };
    case 0x6e:
      return { kind: "flags", names: readVector(cursor, () => readName(cursor)) };
    case 0x6d:
      return { kind: "enum", names: readVector(cursor, () => readName(cursor)) };
    case 0x6b:
      return { kind: "option", some: use() };
    case 0x6a: {
      const ok = readOptional(cursor, use);
      const err = readOptional(cursor, use);
      return { kind: "result", ...(ok && { ok }), ...(err && { err }) };
    }
    case 0x69:
    case 0x68:
      return readHandle(cursor, scope);
    case 0x66:
    case 0x65:
      readOptional(cursor, use);
      return { kind: "unsupported", what: code === 0x66 ? "a stream" : "a future" };
    default:
      throw new WitRefusal("unsupported", `the component has a type of the code 0x${code.toString(16)}`);
  }
}

function readCase(cursor: Cursor, scope: Scope): { name: string; type?: WitType } {
  const name = readName(cursor);
  const type = readOptional(cursor, () => readTypeUse(cursor, scope));
  // What a case refines, which no tool writes any more.
  readOptional(cursor, () => readU32(cursor));
  return { name, ...(type && { type }) };
}

function readHandle(cursor: Cursor, scope: Scope): WitType {
  const item = at(scope.types, readU32(cursor), cursor);
  const name = item.kind === "resource" && item.name !== "" ? ` ${item.name}` : "";
  return { kind: "unsupported", what: `the resource${name}` };
}

function readOptional<Value>(cursor: Cursor, read: () => Value): Value | undefined {
  const flag = readByte(cursor);
  if (flag > 1) throw malformed("an optional part is neither there nor absent", cursor);
  return flag === 1 ? read() : undefined;
}

/** Where a type is used: the code of a primitive one, or the index of a definition. */
function readTypeUse(cursor: Cursor, scope: Scope): WitType {
  spend(scope);
  const index = readS33(cursor);
  if (index < 0) {
    const primitive = toPrimitive(index + 0x80);
    if (primitive === undefined) throw malformed("a type has no known code", cursor);
    return primitive;
  }
  const item = at(scope.types, index, cursor);
  if (item.kind === "value") return item.type;
  throw malformed("a value's type is not the type of a value", cursor);
}

function toPrimitive(code: number): WitType | undefined {
  if (code === ERROR_CONTEXT) return { kind: "unsupported", what: "an error context" };
  const kind = PRIMITIVES[code];
  return kind === undefined ? undefined : { kind };
}

/** The declarations of an instance's or a component's type; gives what it exports. */
function readDeclarations(cursor: Cursor, parent: Scope): ReadonlyMap<string, Item> {
  const scope = createScope(parent, parent.budget);
  const exports = new Map<string, Item>();
  readVector(cursor, () => {
    spend(scope);
    const code = readByte(cursor);
    if (code === 1) scope.types.push(readType(cursor, scope));
    else if (code === 2) define(scope, readAlias(cursor, scope));
    else if (code === 3 || code === 4) {
      const name = readExternName(cursor);
      const item = readExternType(cursor, scope, name);
      define(scope, item);
      if (code === 4) exports.set(name, item);
    } else throw new WitRefusal("unsupported", "the component's interface holds types of core modules");
  });
  return exports;
}

/** What an import or export is declared to be. */
export function readExternType(cursor: Cursor, scope: Scope, name: string): Item {
  const code = readByte(cursor);
  switch (code) {
    case 0x00:
      readByte(cursor);
      readU32(cursor);
      return { sort: "other" };
    case 0x01: {
      const item = at(scope.types, readU32(cursor), cursor);
      if (item.kind !== "function") throw malformed(`"${name}" is declared as a function, and is none`, cursor);
      return { sort: "function", type: item.type };
    }
    case 0x03: {
      const isNew = readByte(cursor) === 1;
      const type: TypeItem = isNew ? { kind: "resource", name } : at(scope.types, readU32(cursor), cursor);
      return { sort: "type", type: nameType(type, name) };
    }
    case 0x04:
      readU32(cursor);
      return { sort: "component", component: {} };
    case 0x05: {
      const item = at(scope.types, readU32(cursor), cursor);
      if (item.kind !== "instance") throw malformed(`"${name}" is declared as an instance, and is none`, cursor);
      return { sort: "instance", exports: item.exports };
    }
    default:
      throw new WitRefusal("unsupported", `"${name}" of the component is a value`);
  }
}

/** The type under the name that it has where it is exported: the first name stays. */
export function nameType(item: TypeItem, name: string): TypeItem {
  if (item.kind === "resource") return item.name === "" ? { kind: "resource", name } : item;
  if (item.kind !== "value") return item;
  const { type } = item;
  switch (type.kind) {
    case "record":
    case "variant":
    case "enum":
    case "flags":
      return type.name === undefined ? { kind: "value", type: { ...type, name } } : item;
    default:
      return item;
  }
}
