/** Comments of WIT, wherever they come from. */

/** What a comment stands at: a function, or a field or case of a named type. */
export type DocumentedItem =
  | { readonly interface?: string; readonly function: string }
  | { readonly type: string; readonly item: string };

export interface WitDocs {
  readonly world?: string;
  find(place: DocumentedItem): string | undefined;
}

export const NO_DOCS: WitDocs = { find: () => undefined };

/** Comments that were gathered under the keys of `keyOf`. */
export function toDocs(comments: ReadonlyMap<string, string>, world?: string): WitDocs {
  return { find: (place) => comments.get(keyOf(place)), ...(world !== undefined && { world }) };
}

/** Interfaces go by their own name, without package and version: comments rarely know more. */
export function keyOf(place: DocumentedItem): string {
  if ("type" in place) return `type ${place.type}.${place.item}`;
  return place.interface === undefined ? `world ${place.function}` : `${shortName(place.interface)} ${place.function}`;
}

/** `local:calc/ops@1.0.0` → `ops`. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1).split("@", 1)[0] ?? "";
}
