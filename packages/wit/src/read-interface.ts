/** Makes a component's interface of its binary: its functions with their types and descriptions, and what it imports. */
import { type Exports, type FunctionType, type Item } from "./decode/scope.ts";
import { readComponent } from "./decode/read-component.ts";
import { type DocumentedItem, NO_DOCS, type WitDocs } from "./docs/wit-docs.ts";
import { readPackageDocs } from "./docs/package-docs.ts";
import type { ComponentInterface, WitFunction, WitImport } from "./interface.ts";
import { WitRefusal } from "./refusal.ts";
import { partsOf, type WitField, type WitType } from "./types.ts";

/** The custom section in which tools keep the comments of the WIT that a component was made of. */
const DOCS_SECTION = "package-docs";
/** Types that one function may be written out as, all parts counted: what a model is to read. */
export const MAX_TYPE_NODES = 2_000;

export interface ReadInterfaceOptions {
  /** Comments from elsewhere, for what the component does not say itself. */
  readonly docs?: WitDocs;
}

/**
 * The interface of a component. A function whose types cannot leave the component is among its functions all the same.
 * @throws WitRefusal `malformed`, `unsupported`, `too-complex`
 */
export function readInterface(
  bytes: Uint8Array,
  { docs: given = NO_DOCS }: ReadInterfaceOptions = {},
): ComponentInterface {
  const { imports, exports, customSections } = readComponent(bytes);
  const section = customSections.get(DOCS_SECTION);
  const own = section === undefined ? NO_DOCS : readPackageDocs(section);
  const describe = (place: DocumentedItem): string | undefined => own.find(place) ?? given.find(place);
  const docs = own.world ?? given.world;
  return {
    imports: Array.from(imports, ([name, item]) => toImport(name, item)).filter((one) => one !== undefined),
    functions: [...listFunctions(exports, describe)],
    ...(docs !== undefined && { docs }),
  };
}

type Describe = (place: DocumentedItem) => string | undefined;

function* listFunctions(exports: Exports, describe: Describe): Generator<WitFunction> {
  for (const [name, item] of exports) {
    if (item.sort === "function") yield toFunction(name, item.type, describe);
    if (item.sort !== "instance") continue;
    for (const [inner, member] of item.exports) {
      // "[method]thing.name" and the like belong to a resource, which no call outlives.
      if (member.sort !== "function" || inner.startsWith("[")) continue;
      yield { ...toFunction(inner, member.type, describe, name), interface: name };
    }
  }
}

function toFunction(name: string, type: FunctionType, describe: Describe, owner?: string): WitFunction {
  const at = { ...(owner !== undefined && { interface: owner }), function: name };
  const counted: Count = { left: MAX_TYPE_NODES };
  const parameters = type.parameters.map((field) => ({ ...field, type: describeType(field.type, describe, counted) }));
  const result = type.result && describeType(type.result, describe, counted);
  const docs = describe(at);
  return {
    name,
    parameters: type.isAsync ? [ASYNC_PARAMETER] : parameters,
    ...(result !== undefined && { result }),
    ...(docs !== undefined && { docs }),
  };
}

const ASYNC_PARAMETER: WitField = {
  name: "call",
  type: { kind: "unsupported", what: "an asynchronous call (WASI 0.3)" },
};

interface Count {
  left: number;
}

/** The type as a tree, with the comments of its fields and cases. */
function describeType(type: WitType, describe: Describe, count: Count): WitType {
  count.left -= 1;
  if (count.left < 0) {
    throw new WitRefusal("too-complex", `a function of the component has types of more than ${MAX_TYPE_NODES} parts`);
  }
  const inner = (part: WitType): WitType => describeType(part, describe, count);
  switch (type.kind) {
    case "list":
      return { ...type, element: inner(type.element) };
    case "option":
      return { kind: "option", some: inner(type.some) };
    case "tuple":
      return { kind: "tuple", elements: type.elements.map(inner) };
    case "result":
      return { kind: "result", ...(type.ok && { ok: inner(type.ok) }), ...(type.err && { err: inner(type.err) }) };
    case "record":
      return {
        ...type,
        fields: type.fields.map((field) => ({ ...field, type: inner(field.type), ...docsOf(type.name, field.name) })),
      };
    case "variant":
      return {
        ...type,
        cases: type.cases.map((one) => ({
          ...one,
          ...(one.type && { type: inner(one.type) }),
          ...docsOf(type.name, one.name),
        })),
      };
    default:
      return type;
  }

  function docsOf(owner: string | undefined, item: string): { docs?: string } {
    const docs = owner === undefined ? undefined : describe({ type: owner, item });
    return docs === undefined ? {} : { docs };
  }
}

/** What a component can use of an import; undefined for a type alone. */
function toImport(name: string, item: Item): WitImport | undefined {
  if (item.sort === "type") return undefined;
  if (item.sort !== "instance") return { name, uses: [name] };
  const uses = Array.from(item.exports)
    .filter(([, { sort }]) => sort === "function")
    .map(([inner]) => inner);
  return { name, uses };
}

/** The first part of a type that cannot leave a component, as a noun phrase; undefined where all can. */
export function findUnsupported(type: WitType): string | undefined {
  if (type.kind === "unsupported") return type.what;
  for (const part of partsOf(type)) {
    const found = findUnsupported(part);
    if (found !== undefined) return found;
  }
  return undefined;
}
