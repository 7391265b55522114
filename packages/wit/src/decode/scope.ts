/** The index spaces of a component while it is read, and what stands in them. */
import { WitRefusal } from "../refusal.ts";
import type { WitField, WitType } from "../types.ts";
import type { Cursor } from "./cursor.ts";
import { malformed } from "./cursor.ts";

export interface FunctionType {
  readonly parameters: readonly WitField[];
  readonly result?: WitType;
  readonly isAsync: boolean;
}

/** What a name of an instance stands for. */
export type Item =
  | { readonly sort: "type"; readonly type: TypeItem }
  | { readonly sort: "function"; readonly type: FunctionType }
  | { readonly sort: "instance"; readonly exports: Exports }
  | { readonly sort: "component"; readonly component: ComponentItem }
  /** Core modules, values: nothing that an interface is made of. */
  | { readonly sort: "other" };

export type Exports = ReadonlyMap<string, Item>;

export type TypeItem =
  | { readonly kind: "value"; readonly type: WitType }
  | { readonly kind: "function"; readonly type: FunctionType }
  | { readonly kind: "resource"; readonly name: string }
  | { readonly kind: "instance"; readonly exports: Exports }
  | { readonly kind: "component" };

/** A nested component: its bytes, read again for each instance that is made of it. */
export interface ComponentItem {
  readonly body?: Cursor;
  readonly scope?: Scope;
}

export interface Scope {
  readonly parent: Scope | undefined;
  readonly types: TypeItem[];
  readonly functions: FunctionType[];
  readonly instances: Exports[];
  readonly components: ComponentItem[];
  readonly budget: Budget;
  readonly depth: number;
}

/** How much work a component may be to read: nested instances make it exponential. */
export interface Budget {
  left: number;
}

const MAX_DEPTH = 32;

export function createScope(parent: Scope | undefined, budget: Budget): Scope {
  const depth = (parent?.depth ?? -1) + 1;
  if (depth > MAX_DEPTH) throw new WitRefusal("too-complex", `the component is nested deeper than ${MAX_DEPTH} levels`);
  return { parent, types: [], functions: [], instances: [], components: [], budget, depth };
}

/** Takes note of one step of work. */
export function spend({ budget }: Scope): void {
  budget.left -= 1;
  if (budget.left < 0) throw new WitRefusal("too-complex", "the component's interface takes too much work to read");
}

/** What stands at an index. */
export function at<Entry>(space: readonly Entry[], index: number, cursor: Cursor): Entry {
  const found = space[index];
  if (found === undefined) throw malformed(`the index ${index} stands for nothing`, cursor);
  return found;
}

/** Puts an item where its sort belongs. */
export function define(scope: Scope, item: Item): void {
  switch (item.sort) {
    case "type":
      return void scope.types.push(item.type);
    case "function":
      return void scope.functions.push(item.type);
    case "instance":
      return void scope.instances.push(item.exports);
    case "component":
      return void scope.components.push(item.component);
    case "other":
  }
}
