/** Names of WIT as jco spells them in JavaScript. */

/** `process-text` → `processText`, `HTTP-get` → `httpGet`. */
export function toCamelCase(name: string): string {
  return name
    .split("-")
    .map((word) => word.toLowerCase())
    .map((word, index) => (index === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1)))
    .join("");
}

/** An interface without its version, as jco's glue asks for it: `wasi:io/poll@0.2.12` → `wasi:io/poll`. */
export function withoutVersion(name: string): string {
  const at = name.indexOf("@");
  return at === -1 ? name : name.slice(0, at);
}
