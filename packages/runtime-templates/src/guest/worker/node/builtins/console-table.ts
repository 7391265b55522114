/** The table that `console.table` prints. */

/** The table's text, or null where `data` is no object or has nothing to show in rows. */
export function formatTable(
  data: unknown,
  columns: readonly string[] | undefined,
  show: (value: unknown) => string,
): string | null {
  if (typeof data !== "object" || data === null) return null;
  const isMap = data instanceof Map;
  const isCollection = isMap || data instanceof Set;
  const rows: [string, unknown, unknown?][] = isMap
    ? Array.from(data, ([key, value], index) => [String(index), value, key])
    : data instanceof Set
      ? Array.from(data, (value, index) => [String(index), value])
      : Object.entries(data);
  const keys: string[] = columns ? [...columns] : [];
  let hasValues = false;
  for (const [, row] of rows) {
    if (typeof row !== "object" || row === null || (isCollection && isMap)) hasValues = true;
    else if (!columns) for (const key of Object.keys(row)) if (!keys.includes(key)) keys.push(key);
  }
  const indexName = isCollection ? "(iteration index)" : "(index)";
  const header = [indexName, ...(isMap ? ["Key"] : []), ...keys, ...(hasValues ? ["Values"] : [])];
  const cells = rows.map(([index, row, mapKey]) => {
    const fields = typeof row === "object" && row !== null && !isMap ? row : undefined;
    const values = keys.map((key) => (fields && Object.hasOwn(fields, key) ? show(Reflect.get(fields, key)) : ""));
    return [index].concat(isMap ? show(mapKey) : [], values, hasValues ? (fields ? "" : show(row)) : []);
  });
  return render(header, cells);
}

function render(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map(
    (name, column) => Math.max(displayWidth(name), ...rows.map((row) => displayWidth(row[column] ?? ""))) + 2,
  );
  const rule = (left: string, middle: string, right: string): string =>
    left + widths.map((width) => "─".repeat(width)).join(middle) + right;
  const line = (row: readonly string[]): string =>
    `│${widths.map((width, column) => ` ${row[column] ?? ""}${" ".repeat(width - 1 - displayWidth(row[column] ?? ""))}`).join("│")}│`;
  return [rule("┌", "┬", "┐"), line(header), rule("├", "┼", "┤"), ...rows.map(line), rule("└", "┴", "┘")].join("\n");
}

/** Columns that `text` takes: wide characters take two. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mark}|\p{Control}/u.test(character)) continue;
    width +=
      /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
