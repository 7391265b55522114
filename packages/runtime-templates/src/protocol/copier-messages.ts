/** Messages between a page and its copier, a worker that hands out copies of the memory snapshot. */

export type ToCopier =
  /** Transferred, not copied. */
  { readonly type: "keep"; readonly bytes: ArrayBuffer } | { readonly type: "copy" };

export interface FromCopier {
  readonly bytes: ArrayBuffer;
}
