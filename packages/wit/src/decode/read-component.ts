/**
 * Reads a component's binary as far as its interface goes: it is walked as a host would instantiate it, with types in the
 * place of values. Format: github.com/WebAssembly/component-model, design/mvp/Binary.md.
 */
import { isComponent, PREAMBLE_BYTES } from "../preamble.ts";
import { WitRefusal } from "../refusal.ts";
import { createCursor, type Cursor, malformed, readByte, readName, readPart, readU32, readVector } from "./cursor.ts";
import { itemAt, readAlias, readExternName, readSort } from "./read-names.ts";
import { nameType, readExternType, readType } from "./read-types.ts";
import { at, type ComponentItem, createScope, define, type Exports, type Item, type Scope, spend } from "./scope.ts";
import { readCanonical } from "./read-canonical.ts";

/** Steps of work that a component may take: real ones take some thousands. */
const MAX_STEPS = 400_000;

export interface ReadComponent {
  readonly imports: Exports;
  readonly exports: Exports;
  /** Content of the custom sections at the outermost level, by name. */
  readonly customSections: ReadonlyMap<string, Uint8Array>;
}

/** @throws WitRefusal where the bytes are no component, or one with what is not known here */
export function readComponent(bytes: Uint8Array): ReadComponent {
  if (!isComponent(bytes)) throw new WitRefusal("malformed", "the bytes are not a WebAssembly component");
  const customSections = new Map<string, Uint8Array>();
  const imports = new Map<string, Item>();
  const scope = createScope(undefined, { left: MAX_STEPS });
  const exports = readBody(createCursor(bytes, PREAMBLE_BYTES), scope, {
    onImport(name, item) {
      imports.set(name, item);
      return item;
    },
    onCustom: (name, content) => customSections.set(name, content),
  });
  return { imports, exports, customSections };
}

interface BodyOptions {
  /** What an import is given, where it is declared to be `item`. */
  onImport(name: string, item: Item): Item;
  onCustom?(name: string, content: Uint8Array): void;
}

/** The sections of a component, one after the other; gives its exports. */
function readBody(cursor: Cursor, scope: Scope, { onImport, onCustom }: BodyOptions): Exports {
  const exports = new Map<string, Item>();
  while (cursor.at < cursor.end) {
    spend(scope);
    const id = readByte(cursor);
    const part = readPart(cursor);
    switch (id) {
      case 0:
        onCustom?.(readName(part), part.bytes.subarray(part.at, part.end));
        break;
      case 4:
        scope.components.push({ body: part, scope });
        break;
      case 5:
        readVector(part, () => scope.instances.push(readInstance(part, scope)));
        break;
      case 6:
        readVector(part, () => define(scope, readAlias(part, scope)));
        break;
      case 7:
        readVector(part, () => scope.types.push(readType(part, scope)));
        break;
      case 8:
        readVector(part, () => readCanonical(part, scope));
        break;
      case 10:
        readVector(part, () => {
          const name = readExternName(part);
          define(scope, onImport(name, readExternType(part, scope, name)));
        });
        break;
      case 11:
        readVector(part, () => readExport(part, scope, exports));
        break;
      case 1:
      case 2:
      case 3:
      case 9:
        // Core WebAssembly, and a start function: no part of an interface.
        break;
      default:
        throw malformed(`there is no section ${id}`, cursor);
    }
  }
  return exports;
}

function readExport(cursor: Cursor, scope: Scope, exports: Map<string, Item>): void {
  spend(scope);
  const name = readExternName(cursor);
  const sort = readSort(cursor);
  const found = itemAt(scope, sort, readU32(cursor), cursor);
  const ascribed = readByte(cursor) === 1 ? readExternType(cursor, scope, name) : found;
  // A type that an export gives its instance or function holds the names that the author chose.
  const item = ascribed.sort === "type" ? { ...ascribed, type: nameType(ascribed.type, name) } : ascribed;
  define(scope, item);
  exports.set(name, item);
}

function readInstance(cursor: Cursor, scope: Scope): Exports {
  spend(scope);
  const code = readByte(cursor);
  if (code === 1) return readInline(cursor, scope);
  if (code !== 0) throw malformed(`there is no instance of the kind ${code}`, cursor);
  const component = at(scope.components, readU32(cursor), cursor);
  const given = new Map<string, Item>();
  readVector(cursor, () => {
    const name = readName(cursor);
    const sort = readSort(cursor);
    given.set(name, itemAt(scope, sort, readU32(cursor), cursor));
  });
  return instantiate(component, given, scope);
}

function readInline(cursor: Cursor, scope: Scope): Exports {
  const exports = new Map<string, Item>();
  readVector(cursor, () => {
    const name = readExternName(cursor);
    const sort = readSort(cursor);
    exports.set(name, itemAt(scope, sort, readU32(cursor), cursor));
  });
  return exports;
}

function instantiate({ body, scope: definedIn }: ComponentItem, given: Exports, { budget, depth }: Scope): Exports {
  if (body === undefined || definedIn === undefined) {
    throw new WitRefusal("unsupported", "the component makes an instance of a component that it imports");
  }
  const { bytes, at: start, end } = body;
  if (!isComponent(bytes.subarray(start, end))) throw malformed("a nested component has no preamble", body);
  const scope = createScope({ ...definedIn, depth: Math.max(definedIn.depth, depth) }, budget);
  return readBody(createCursor(bytes, start + PREAMBLE_BYTES, end), scope, {
    onImport: (name, item) => given.get(name) ?? item,
  });
}
