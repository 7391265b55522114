/** Where the bodies of functions are in the code section, and what stands before their code. */
import { type Cursor, createCursor, readU32, skipBytes } from "./cursor.ts";
import type { ModuleShape } from "./module-shape.ts";
import { ModuleRefusal } from "./refusal.ts";
import type { Section } from "./sections.ts";
import { skipValueType } from "./value-types.ts";

const MAX_LOCALS = 0xffff_ffff;

export interface FunctionBody {
  /** Offsets in the module's bytes, from the locals to behind the last instruction. */
  readonly start: number;
  readonly end: number;
}

/** The bodies of the functions that the module defines, in their order. */
export function readBodies(bytes: Uint8Array, section: Section, shape: ModuleShape): FunctionBody[] {
  const cursor = createCursor(bytes, section.start, section.end);
  const count = readU32(cursor);
  if (count !== shape.functions.length - shape.importedFunctions)
    throw new ModuleRefusal("malformed", "The module has another number of functions than of bodies", section.start);
  const bodies: FunctionBody[] = [];
  for (let index = 0; index < count; index += 1) {
    const size = readU32(cursor);
    const start = cursor.at;
    skipBytes(cursor, size);
    bodies.push({ start, end: cursor.at });
  }
  if (cursor.at !== cursor.end) throw new ModuleRefusal("malformed", "The code section has too many bytes", cursor.at);
  return bodies;
}

/** The number of locals that a body declares. They are counted, never listed: the count may be any. */
export function readLocals(cursor: Cursor): number {
  const { at } = cursor;
  let locals = 0;
  for (let groups = readU32(cursor); groups > 0; groups -= 1) {
    locals += readU32(cursor);
    skipValueType(cursor);
    if (locals > MAX_LOCALS) throw new ModuleRefusal("malformed", "A function has too many locals", at);
  }
  return locals;
}
