/** `util.styleText`: text between the escape codes of its formats. */
import { createNodeError } from "../errors/node-error.ts";
import { libraries } from "../libraries.ts";

/** Formats text for a stream; without colours where the stream is no terminal and that is asked for. */
export function styleText(
  format: string | readonly string[],
  text: string,
  { validateStream = true, stream }: { validateStream?: boolean; stream?: { isTTY?: boolean } } = {},
): string {
  const colors: Readonly<Record<string, readonly [number, number]>> = libraries.inspect().inspect.colors;
  const formats = typeof format === "string" ? [format] : format;
  let start = "";
  let end = "";
  for (const name of formats) {
    if (name === "none") continue;
    const codes = colors[name];
    if (!codes) {
      throw createNodeError(
        TypeError,
        "ERR_INVALID_ARG_VALUE",
        `The argument 'format' must be one of: ${Object.keys(colors)
          .map((known) => `'${known}'`)
          .join(", ")}. Received '${name}'`,
      );
    }
    start += `\u001B[${codes[0]}m`;
    end = `\u001B[${codes[1]}m${end}`;
  }
  // Standard output is a pipe here: Node leaves the codes out unless it is told not to look.
  return validateStream && !stream?.isTTY ? text : `${start}${text}${end}`;
}
