/** Reads the types that a module defines, as far as metering needs them: what functions take and give. */
import { type Cursor, readByte, readU32, readVector } from "./cursor.ts";
import { ModuleRefusal } from "./refusal.ts";
import { countValueTypes, skipFieldType } from "./value-types.ts";

const RECURSIVE_GROUP = 0x4e;
const FINAL_SUBTYPE = 0x4f;
const SUBTYPE = 0x50;
const CONTINUATION = 0x5d;
const ARRAY = 0x5e;
const STRUCT = 0x5f;
const FUNCTION = 0x60;

/** Numbers of values. */
export interface FunctionType {
  readonly parameters: number;
  readonly results: number;
}

/** For each type what it takes and gives, or `undefined` where it is no function. */
export function readTypes(cursor: Cursor): (FunctionType | undefined)[] {
  const types: (FunctionType | undefined)[] = [];
  readVector(cursor, () => {
    if (cursor.bytes[cursor.at] !== RECURSIVE_GROUP) types.push(readSubtype(cursor));
    else {
      readByte(cursor);
      readVector(cursor, () => types.push(readSubtype(cursor)));
    }
  });
  return types;
}

function readSubtype(cursor: Cursor): FunctionType | undefined {
  let at = cursor.at;
  let form = readByte(cursor);
  if (form === SUBTYPE || form === FINAL_SUBTYPE) {
    readVector(cursor, () => readU32(cursor));
    at = cursor.at;
    form = readByte(cursor);
  }
  switch (form) {
    case FUNCTION: {
      const parameters = countValueTypes(cursor);
      return { parameters, results: countValueTypes(cursor) };
    }
    case STRUCT:
      readVector(cursor, () => skipFieldType(cursor));
      return undefined;
    case ARRAY:
      skipFieldType(cursor);
      return undefined;
    case CONTINUATION:
      readU32(cursor);
      return undefined;
    default:
      throw new ModuleRefusal("unsupported", `The type form 0x${form.toString(16)} is not known here`, at);
  }
}
