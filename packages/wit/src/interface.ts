/** What a component imports and exports, as far as a host has to know it. */
import type { WitField, WitType } from "./types.ts";

/** A function that a component exports: one tool. */
export interface WitFunction {
  readonly name: string;
  /** The exported interface that it stands in, for example "local:calc/ops@1.0.0"; absent for one of the world itself. */
  readonly interface?: string;
  readonly parameters: readonly WitField[];
  /** Absent where the function returns nothing. */
  readonly result?: WitType;
  readonly docs?: string;
}

/** Something that a component wants of its host. */
export interface WitImport {
  /** An interface such as "wasi:http/outgoing-handler@0.2.0", or the bare name of a function. */
  readonly name: string;
  /** Functions and resources of the interface that the component can use; empty where it has types only. */
  readonly uses: readonly string[];
}

export interface ComponentInterface {
  readonly imports: readonly WitImport[];
  /** In the order of the component. */
  readonly functions: readonly WitFunction[];
  /** What the component says of itself as a whole. */
  readonly docs?: string;
}
