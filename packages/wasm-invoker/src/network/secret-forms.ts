/** The forms in which a secret's value may stand in a message. */

/** Shorter values would be found everywhere, by chance. */
const MIN_MASKED_BYTES = 4;
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
  const forms = [
    value,
    ...jsonForms(value),
    ...percentForms(value),
    ...["&#39;", "&#x27;"].map((quote) => toHtmlForm(value, quote)),
    ...(bytes.length < MIN_ENCODED_BYTES ? [] : encodedForms(bytes)),
  ].map((form) => Buffer.from(form));
  // Headers, and servers of another age, write one byte for each character.
  if (/^[\0-\u00ff]*$/u.test(value)) forms.push(Buffer.from(value, "latin1"));
  return [...new Map(forms.map((form) => [form.toString("latin1"), form])).values()];
}

/** With slashes as PHP writes them, and what is not ASCII as Python does. */
function jsonForms(value: string): readonly string[] {
  const plain = toJsonForm(value);
  const slashed = [plain, plain.replaceAll("/", String.raw`\/`)];
  return slashed.flatMap((form) => [form, form.replaceAll(/[^\0-\u007f]/gu, toUnicodeEscapes)]);
}

/** With few or many characters escaped, in capitals or not, spaces as %20 or +. */
function percentForms(value: string): readonly string[] {
  const asForm = new URLSearchParams({ "": value }).toString().slice(1);
  const encoded = [encodeURI(value), encodeURIComponent(value), toUrlForm(value), asForm];
  const cased = encoded.flatMap((form) => [form, form.replaceAll(/%[0-9A-F]{2}/gu, (escape) => escape.toLowerCase())]);
  return cased.flatMap((form) => [form, form.replaceAll("%20", "+")]);
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
