/** Tells JSON text that is nested too deeply before anything is parsed that would overflow the stack. */

/** Whether brackets outside of strings stand deeper than `limit`; one pass, also over text that is no JSON. */
export function isNestedDeeper(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (inString) {
      if (char === "\\") index += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "[" || char === "{") depth += 1;
    else if (char === "]" || char === "}") depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}
