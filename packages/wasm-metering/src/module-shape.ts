/** Everything of a module but its code: what it imports, defines and exports. */
import { assertModule } from "./content-kind.ts";
import { type Cursor, createCursor, readByte, readName, readU32, readVector } from "./cursor.ts";
import { skipConstantExpression } from "./constant-expression.ts";
import { type Limits, readMemoryLimits, readTableLimits } from "./limits.ts";
import { ModuleRefusal } from "./refusal.ts";
import { type Section, SECTION, readSections } from "./sections.ts";
import { type FunctionType, readTypes } from "./type-section.ts";
import { skipValueType } from "./value-types.ts";

const EXTERNAL_KINDS = ["function", "table", "memory", "global", "tag"] as const;
export type ExternalKind = (typeof EXTERNAL_KINDS)[number];

export interface ModuleImport {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternalKind;
}

export interface ModuleExport {
  readonly name: string;
  readonly kind: ExternalKind;
}

export interface ModuleShape {
  readonly sections: readonly Section[];
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly ModuleExport[];
  /** For each type what it takes and gives, or `undefined` where it is no function. */
  readonly types: readonly (FunctionType | undefined)[];
  /** For each function, imported ones first, what it takes and gives. */
  readonly functions: readonly FunctionType[];
  readonly importedFunctions: number;
  readonly tables: readonly Limits[];
  readonly memories: readonly Limits[];
  readonly globals: number;
  /** Whether it can throw: whether it has a tag. */
  readonly hasTags: boolean;
  /** The index of the function that runs at instantiation. */
  readonly start: number | undefined;
}

/** @throws ModuleRefusal for what is no module, and for what breaks the format. */
export function readShape(bytes: Uint8Array): ModuleShape {
  assertModule(bytes);
  const sections = readSections(bytes);
  const imports: ModuleImport[] = [];
  const exports: ModuleExport[] = [];
  let types: readonly (FunctionType | undefined)[] = [];
  const functions: FunctionType[] = [];
  const tables: Limits[] = [];
  const memories: Limits[] = [];
  let importedFunctions = 0;
  let globals = 0;
  let start: number | undefined;

  const readFunctionType = (cursor: Cursor): void => {
    const { at } = cursor;
    const type = types[readU32(cursor)];
    if (type === undefined) throw new ModuleRefusal("malformed", "A function has a type that is none", at);
    functions.push(type);
  };
  const readers: Partial<Record<number, (cursor: Cursor) => void>> = {
    [SECTION.type]: (cursor) => (types = readTypes(cursor)),
    [SECTION.import]: (cursor) => {
      readVector(cursor, () => {
        const module = readName(cursor);
        const name = readName(cursor);
        const kind = readKind(cursor);
        imports.push({ module, name, kind });
        if (kind === "function") readFunctionType(cursor);
        else if (kind === "table") tables.push(readTableType(cursor));
        else if (kind === "memory") memories.push(readMemoryLimits(cursor));
        else if (kind === "tag") skipTagType(cursor);
        else {
          skipGlobalType(cursor);
          globals += 1;
        }
      });
      importedFunctions = functions.length;
    },
    [SECTION.function]: (cursor) => readVector(cursor, () => readFunctionType(cursor)),
    [SECTION.table]: (cursor) => readVector(cursor, () => tables.push(readTable(cursor))),
    [SECTION.memory]: (cursor) => readVector(cursor, () => memories.push(readMemoryLimits(cursor))),
    [SECTION.global]: (cursor) => {
      readVector(cursor, () => {
        skipGlobalType(cursor);
        skipConstantExpression(cursor);
        globals += 1;
      });
    },
    [SECTION.export]: (cursor) => {
      readVector(cursor, () => {
        const name = readName(cursor);
        const kind = readKind(cursor);
        const { at } = cursor;
        const index = readU32(cursor);
        // With the counter that metering adds, the module would become valid, and export it.
        if (kind === "global" && index >= globals)
          throw new ModuleRefusal("malformed", `The global ${index} does not exist`, at);
        exports.push({ name, kind });
      });
    },
    [SECTION.start]: (cursor) => (start = readU32(cursor)),
  };
  for (const section of sections) {
    const cursor = createCursor(bytes, section.start, section.end);
    const read = readers[section.id];
    if (read === undefined) continue;
    read(cursor);
    if (cursor.at !== cursor.end)
      throw new ModuleRefusal("malformed", `The section ${section.id} is longer than its content`, cursor.at);
  }
  if (start !== undefined) checkStart(functions[start]);
  const hasTags = imports.some(({ kind }) => kind === "tag") || sections.some(({ id }) => id === SECTION.tag);
  return { sections, imports, exports, types, functions, importedFunctions, tables, memories, globals, hasTags, start };
}

/** Metering exports the function instead, so no engine checks it. */
function checkStart(type: FunctionType | undefined): void {
  if (type === undefined) throw new ModuleRefusal("malformed", "The start function does not exist");
  if (type.parameters > 0 || type.results > 0)
    throw new ModuleRefusal("malformed", "The start function takes or gives a value");
}

function readKind(cursor: Cursor): ExternalKind {
  const { at } = cursor;
  const byte = readByte(cursor);
  const kind = EXTERNAL_KINDS[byte];
  if (kind === undefined)
    throw new ModuleRefusal("unsupported", `An import or export of the kind ${byte} is not known here`, at);
  return kind;
}

/** A table may have an initial value: then two bytes announce it, and it stands after the type. */
function readTable(cursor: Cursor): Limits {
  if (cursor.bytes[cursor.at] !== 0x40) return readTableType(cursor);
  const { at } = cursor;
  readByte(cursor);
  if (readByte(cursor) !== 0) throw new ModuleRefusal("unsupported", "The form of a table is not known here", at);
  const limits = readTableType(cursor);
  skipConstantExpression(cursor);
  return limits;
}

function readTableType(cursor: Cursor): Limits {
  skipValueType(cursor);
  return readTableLimits(cursor);
}

function skipGlobalType(cursor: Cursor): void {
  skipValueType(cursor);
  const { at } = cursor;
  if (readByte(cursor) > 1) throw new ModuleRefusal("unsupported", "The flags of a global are not known here", at);
}

function skipTagType(cursor: Cursor): void {
  readByte(cursor);
  readU32(cursor);
}
