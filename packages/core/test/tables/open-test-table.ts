/** Opens a table that stands in a file of the test's own. */
import { openTable, type TableReader } from "../../src/tables/table-reader.ts";
import { parseToml } from "../../src/toml.ts";

export function openTestTable(text: string): TableReader {
  const code = "ERR_POCKET_SETTINGS_INVALID";
  return openTable(parseToml(text, { file: "test.toml", code }), { code, fileOf: () => "test.toml", path: [] });
}
