/** Reads the custom section `package-docs`, in which wit-parser keeps comments: a version, then JSON. */
import { keyOf, shortName, toDocs, type WitDocs, NO_DOCS } from "./wit-docs.ts";

/** Names that the versions of the format have had for the same thing. */
const FUNCTIONS = ["funcs", "func_exports", "func_imports_or_exports"] as const;
const INTERFACES = ["interfaces", "interface_exports", "interface_imports_or_exports"] as const;
const MAX_VERSION = 1;

/** What cannot be read gives no comments: they are no part of what a component does. */
export function readPackageDocs(section: Uint8Array): WitDocs {
  const [version = 0xff] = section;
  if (version > MAX_VERSION) return NO_DOCS;
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(section.subarray(1)));
    return gather(toObject(content));
  } catch (error) {
    if (error instanceof SyntaxError) return NO_DOCS;
    throw error;
  }
}

function gather(content: Record<string, unknown>): WitDocs {
  const comments = new Map<string, string>();
  const worlds = Object.values(toObject(content["worlds"])).map(toObject);
  for (const world of worlds) {
    for (const [name, docs] of entriesOf(world, FUNCTIONS)) keep(comments, keyOf({ function: name }), docs);
    gatherTypes(comments, world);
    for (const [name, docs] of entriesOf(world, INTERFACES)) gatherInterface(comments, name, toObject(docs));
  }
  for (const [name, docs] of entriesOf(content, INTERFACES)) gatherInterface(comments, name, toObject(docs));
  const world = worlds.map(textOf).find((text) => text !== undefined);
  return toDocs(comments, world ?? textOf(content));
}

function gatherInterface(comments: Map<string, string>, name: string, content: Record<string, unknown>): void {
  for (const [inner, docs] of entriesOf(content, FUNCTIONS)) {
    keep(comments, keyOf({ interface: shortName(name), function: inner }), docs);
  }
  gatherTypes(comments, content);
}

function gatherTypes(comments: Map<string, string>, content: Record<string, unknown>): void {
  for (const [type, docs] of Object.entries(toObject(content["types"]))) {
    const { items } = toObject(docs);
    for (const [item, text] of Object.entries(toObject(items))) keep(comments, keyOf({ type, item }), text);
  }
}

function keep(comments: Map<string, string>, key: string, docs: unknown): void {
  const text = textOf(docs);
  if (text !== undefined && !comments.has(key)) comments.set(key, text);
}

/** A comment stands alone, or as `docs` of an object. */
function textOf(docs: unknown): string | undefined {
  const text = typeof docs === "string" ? docs : toObject(docs)["docs"];
  return typeof text === "string" && text.trim() !== "" ? text.trim() : undefined;
}

function entriesOf(content: Record<string, unknown>, keys: readonly string[]): [string, unknown][] {
  return keys.flatMap((key) => Object.entries(toObject(content[key])));
}

function toObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
