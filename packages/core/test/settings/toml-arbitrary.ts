/** Arbitrary TOML: keys and values as settings may have them. */
import fc from "fast-check";
import type { TomlValue } from "../../src/toml.ts";

const anyText = fc.string({ unit: "binary", maxLength: 12 }).filter((text) => text.isWellFormed());

/** Any key but those that the parser refuses. */
export const anyKey = fc
  .oneof(fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/u), anyText)
  .filter((key) => !(key in Object.prototype));

export const anyTomlValue: fc.Arbitrary<TomlValue> = fc.letrec<{ value: TomlValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    anyText,
    fc.integer(),
    fc.boolean(),
    fc.array(anyText, { maxLength: 3 }),
    fc.dictionary(anyKey, tie("value"), { maxKeys: 3 }),
  ),
})).value;
