/** Reads canonical definitions: where core functions become functions of the component. */
import { WitRefusal } from "../refusal.ts";
import { type Cursor, malformed, readByte, readU32, readVector } from "./cursor.ts";
import { at, type Scope, spend } from "./scope.ts";

const LIFT = 0x00;
const LOWER = 0x01;
/** `resource.new`, `resource.drop`, `resource.rep`: each with the index of a type. */
const RESOURCE_CODES: ReadonlySet<number> = new Set([0x02, 0x03, 0x04]);
/** Options with an index behind them: memory, realloc, post-return, callback, core type. */
const INDEXED_OPTIONS: ReadonlySet<number> = new Set([0x03, 0x04, 0x05, 0x07, 0x08]);
const LAST_OPTION = 0x09;

/** One definition; a lifted function is added to the scope. */
export function readCanonical(cursor: Cursor, scope: Scope): void {
  spend(scope);
  const code = readByte(cursor);
  if (RESOURCE_CODES.has(code)) return void readU32(cursor);
  if (code !== LIFT && code !== LOWER) {
    throw new WitRefusal("unsupported", "the component uses the component model's asynchronous builtins (WASI 0.3)");
  }
  readByte(cursor);
  readU32(cursor);
  readVector(cursor, () => readOption(cursor));
  if (code === LOWER) return;
  const item = at(scope.types, readU32(cursor), cursor);
  if (item.kind !== "function") throw malformed("a lifted function has no type of a function", cursor);
  scope.functions.push(item.type);
}

function readOption(cursor: Cursor): void {
  const option = readByte(cursor);
  if (option > LAST_OPTION) throw malformed(`there is no option ${option} of a canonical definition`, cursor);
  if (INDEXED_OPTIONS.has(option)) readU32(cursor);
}
