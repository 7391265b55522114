/** Reads `packages`: the Python packages that a tool asks for. What they mean is read by who resolves them. */
import { quoteText } from "../tables/describe-value.ts";
import type { TableReader } from "../tables/table-reader.ts";
import type { RuntimeName } from "./runtime-name.ts";

const MAX_REQUIREMENT_LENGTH = 1_000;

/** @throws PocketError ERR_POCKET_MANIFEST_INVALID where one is no line of text, or the tool is not in Python */
export function readPackages(table: TableReader, runtime: RuntimeName): readonly string[] {
  const packages = table.texts("packages").map((text) => text.trim());
  if (packages.length > 0 && runtime !== "python") {
    throw table.fault("packages", `"packages" are Python's, but the language is "${runtime}"`, {
      hint: "remove it, and bring what the tool needs in its folder",
    });
  }
  const wrong = packages.find((text) => text === "" || text.length > MAX_REQUIREMENT_LENGTH || /\p{Cc}/u.test(text));
  if (wrong !== undefined) {
    throw table.fault("packages", `${quoteText(wrong)} is no requirement of a Python package`, {
      found: wrong,
      hint: 'write a name with an optional version, for example "requests>=2.32"',
    });
  }
  return [...new Set(packages)];
}
