/** Reads how entries refer to each other: names, sorts, aliases. */
import { WitRefusal } from "../refusal.ts";
import { type Cursor, malformed, readByte, readName, readU32, readVector } from "./cursor.ts";
import { at, type Exports, type Item, type Scope } from "./scope.ts";

/** The name of an import or export. */
export function readExternName(cursor: Cursor): string {
  const code = readByte(cursor);
  if (code > 2) throw new WitRefusal("unsupported", "a name of the component has a form that is not known here");
  const name = readName(cursor);
  // What is said beside the name: a suffix of its version, what it implements.
  if (code === 2) readVector(cursor, () => [readByte(cursor), readName(cursor)]);
  return name;
}

/** A sort; undefined where it is one of core WebAssembly. */
export type Sort = Exclude<Item["sort"], "other"> | undefined;

export function readSort(cursor: Cursor): Sort {
  const code = readByte(cursor);
  switch (code) {
    case 0x00:
      readByte(cursor);
      return undefined;
    case 0x01:
      return "function";
    case 0x03:
      return "type";
    case 0x04:
      return "component";
    case 0x05:
      return "instance";
    default:
      throw malformed(`there is no sort ${code}`, cursor);
  }
}

/** What the index of a sort stands for. */
export function itemAt(scope: Scope, sort: Sort, index: number, cursor: Cursor): Item {
  switch (sort) {
    case undefined:
      return { sort: "other" };
    case "function":
      return { sort, type: at(scope.functions, index, cursor) };
    case "type":
      return { sort, type: at(scope.types, index, cursor) };
    case "component":
      return { sort, component: at(scope.components, index, cursor) };
    case "instance":
      return { sort, exports: at(scope.instances, index, cursor) };
  }
}

/** What an alias stands for: an export of an instance, or an entry of a scope around this one. */
export function readAlias(cursor: Cursor, scope: Scope): Item {
  const sort = readSort(cursor);
  const target = readByte(cursor);
  switch (target) {
    case 0x00:
      return exportOf(at(scope.instances, readU32(cursor), cursor), readName(cursor), cursor);
    case 0x01:
      readU32(cursor);
      readName(cursor);
      return { sort: "other" };
    case 0x02: {
      const outer = scopeAround(scope, readU32(cursor), cursor);
      return itemAt(outer, sort, readU32(cursor), cursor);
    }
    default:
      throw malformed(`there is no alias of the kind ${target}`, cursor);
  }
}

function exportOf(exports: Exports, name: string, cursor: Cursor): Item {
  const item = exports.get(name);
  if (item === undefined) throw malformed(`an instance has no export "${name}"`, cursor);
  return item;
}

function scopeAround(scope: Scope, levels: number, cursor: Cursor): Scope {
  let found: Scope | undefined = scope;
  for (let level = 0; level < levels && found !== undefined; level += 1) found = found.parent;
  if (found === undefined) throw malformed("an alias reaches beyond the component", cursor);
  return found;
}
