/** The forms in which a secret's value may stand in a message. */

/** Shorter values would be found everywhere, by chance. */
export const MIN_MASKED_BYTES = 4;
/** Shorter values give encoded forms that are found by chance. */
const MIN_ENCODED_BYTES = 6;

/** As the value stands inside a JSON string. */
export function toJsonForm(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** As it stands in a query, a form or a segment of a path: only unreserved characters stay. */
export function toUrlForm(value: string): string {
  return encodeURIComponent(value).replaceAll(/[!'()*]/gu, (character) => `%${hexOf(character)}`);
}

/** Every form that an honest echo may have, in bytes; each once. */
export function echoForms(value: string): readonly Buffer[] {
  const bytes = Buffer.from(value);
  if (bytes.length < MIN_MASKED_BYTES) return [];
  const json = toJsonForm(value);
  const percent = [encodeURIComponent(value), toUrlForm(value), encodeURI(value)];
  const forms = [
    value,
    json,
    json.replaceAll("/", String.raw`\/`),
    // As Python's json writes what is not ASCII.
    json.replaceAll(/[^\0-\u007f]/gu, (character) => toUnicodeEscapes(character)),
    ...percent,
    ...percent.map((form) => form.replaceAll(/%[0-9A-F]{2}/gu, (escape) => escape.toLowerCase())),
    ...percent.map((form) => form.replaceAll("%20", "+")),
    value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
    ...["&#39;", "&#x27;"].map((quote) => toHtmlForm(value, quote)),
    ...(bytes.length < MIN_ENCODED_BYTES ? [] : encodedForms(bytes)),
  ];
  return [...new Set(forms)].map((form) => Buffer.from(form));
}

/** Hexadecimal, and base64 at each of the three places where the value may begin in it. */
function encodedForms(bytes: Buffer): readonly string[] {
  const hex = bytes.toString("hex");
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    // The characters at both ends that also hold bits of the neighbours are left out.
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
  return [hex, hex.toUpperCase(), ...base64, ...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"))];
}

function toHtmlForm(value: string, quote: string): string {
  const escapes: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": quote,
  };
  return value.replaceAll(/[&<>"']/gu, (character) => escapes[character] ?? character);
}

function toUnicodeEscapes(text: string): string {
  return Array.from({ length: text.length }, (_, index) => {
    return `\\u${text.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }).join("");
}

function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase();
}
