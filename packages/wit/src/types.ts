/** The value types of WIT, as a component's binary holds them: aliases resolved, names kept. */

export const INTEGER_RANGES = {
  s8: [-0x80, 0x7f],
  u8: [0, 0xff],
  s16: [-0x8000, 0x7fff],
  u16: [0, 0xffff],
  s32: [-0x8000_0000, 0x7fff_ffff],
  u32: [0, 0xffff_ffff],
} as const;
export type IntegerKind = keyof typeof INTEGER_RANGES;

export const LONG_RANGES = {
  s64: [-(2n ** 63n), 2n ** 63n - 1n],
  u64: [0n, 2n ** 64n - 1n],
} as const;
export type LongKind = keyof typeof LONG_RANGES;

export type PrimitiveKind = "bool" | IntegerKind | LongKind | "f32" | "f64" | "char" | "string";

export interface WitField {
  readonly name: string;
  readonly type: WitType;
  readonly docs?: string;
}

export interface WitCase {
  readonly name: string;
  readonly type?: WitType;
  readonly docs?: string;
}

interface Named {
  /** As the interface calls it; absent where it has no name there. */
  readonly name?: string;
}

/** A type; equal types may be one object, so that a hostile component's type is a graph much smaller than its tree. */
export type WitType =
  | { readonly kind: PrimitiveKind }
  | { readonly kind: "list"; readonly element: WitType; readonly length?: number }
  | { readonly kind: "option"; readonly some: WitType }
  | { readonly kind: "result"; readonly ok?: WitType; readonly err?: WitType }
  | { readonly kind: "tuple"; readonly elements: readonly WitType[] }
  | (Named & { readonly kind: "record"; readonly fields: readonly WitField[] })
  | (Named & { readonly kind: "variant"; readonly cases: readonly WitCase[] })
  | (Named & { readonly kind: "enum" | "flags"; readonly names: readonly string[] })
  /** A type whose values cannot leave the component: `what` is a noun phrase, for example "the resource thing". */
  | { readonly kind: "unsupported"; readonly what: string };

/** The types that a type is directly made of. */
export function partsOf(type: WitType): readonly WitType[] {
  switch (type.kind) {
    case "list":
      return [type.element];
    case "option":
      return [type.some];
    case "result":
      return [type.ok, type.err].filter((part) => part !== undefined);
    case "tuple":
      return type.elements;
    case "record":
      return type.fields.map((field) => field.type);
    case "variant":
      return type.cases.flatMap((one) => (one.type === undefined ? [] : [one.type]));
    default:
      return [];
  }
}

/** Whether null stands for a value of the type, so that an option of it has to be tagged. */
export function mayBeNull(type: WitType): boolean {
  return type.kind === "option";
}
