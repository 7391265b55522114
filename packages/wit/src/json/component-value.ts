/** Values as jco's glue takes and gives them. */

/**
 * Booleans, numbers, bigints (64 bits), strings, arrays and typed arrays, records and flags as objects with keys in camel
 * case, variants and results as `{ tag, val }`, options as the value or undefined; an option of an option as `{ tag, val }`.
 */
export type ComponentValue = unknown;
