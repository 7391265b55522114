/** `node:assert`: the `assert` package, with what Node has added since. */
import { libraries } from "../libraries.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";

export function createAssert(realm: NodeRealm): Exports {
  const library = libraries.assert();
  const { inspect } = realm.builtin("util");
  const { AssertionError } = library;
  const fail = (options: Exports, message: Exports, generated: string): never => {
    if (message instanceof Error) throw message;
    throw new AssertionError({ ...options, message: message ?? generated });
  };
  const added = {
    match(text: Exports, pattern: RegExp, message?: Exports) {
      if (typeof text === "string" && pattern.test(text)) return;
      fail(
        { actual: text, expected: pattern, operator: "match" },
        message,
        `The input did not match the regular expression ${inspect(pattern)}. Input:\n\n${inspect(text)}\n`,
      );
    },
    doesNotMatch(text: Exports, pattern: RegExp, message?: Exports) {
      if (typeof text === "string" && !pattern.test(text)) return;
      fail(
        { actual: text, expected: pattern, operator: "doesNotMatch" },
        message,
        `The input was expected to not match the regular expression ${inspect(pattern)}. Input:\n\n${inspect(text)}\n`,
      );
    },
    partialDeepStrictEqual(actual: Exports, expected: Exports, message?: Exports) {
      library.deepStrictEqual(pick(actual, expected), expected, message);
    },
  };
  // Missing functions only: where the package has one, it stays.
  for (const [name, value] of Object.entries(added)) library[name] ??= value;
  const { strict } = library;
  for (const [name, value] of Object.entries(added)) strict[name] ??= value;
  return library;
}

/** The part of `actual` that `expected` speaks of. */
function pick(actual: Exports, expected: Exports): Exports {
  if (typeof actual !== "object" || actual === null || typeof expected !== "object" || expected === null) return actual;
  if (Array.isArray(expected) || Object.getPrototypeOf(expected) !== Object.prototype) return actual;
  return Object.fromEntries(
    Object.keys(expected)
      .filter((key) => key in actual)
      .map((key) => [key, pick(actual[key], expected[key])]),
  );
}
