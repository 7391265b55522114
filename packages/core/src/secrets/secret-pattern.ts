/** Finds a text in all the forms in which programs write text: as it is, escaped, percent-encoded, in base64 or hex. */

/** Base64 of shorter pieces of a value stands by chance in other text. */
const MIN_BASE64_LENGTH = 8;

/**
 * The source of a regular expression that finds `value`: each of its characters as it is, or as JSON, JavaScript,
 * Python, HTML, URLs and forms escape it, also mixed; the whole in hex; and the whole in base64, both alphabets, also
 * inside of a longer text that was encoded.
 */
export function toSecretPattern(value: string): string {
  const bytes = Buffer.from(value, "utf8");
  return [
    Array.from(value, toCharacterPattern).join(""),
    ...base64Cores(bytes).map(toBase64Pattern),
    Array.from(bytes, toHexPattern).join(""),
  ].join("|");
}

/** The source of a regular expression that finds `text` as it is. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
}

const NAMED_ESCAPES: Readonly<Record<string, readonly string[]>> = {
  "\n": [String.raw`\n`],
  "\r": [String.raw`\r`],
  "\t": [String.raw`\t`],
  "\b": [String.raw`\b`],
  "\f": [String.raw`\f`],
  '"': [String.raw`\"`, "&quot;"],
  "'": [String.raw`\'`, "&apos;"],
  "\\": [String.raw`\\`],
  "/": [String.raw`\/`],
  "&": ["&amp;"],
  "<": ["&lt;"],
  ">": ["&gt;"],
  " ": ["+"],
};

function toCharacterPattern(character: string): string {
  const utf8 = Array.from(Buffer.from(character, "utf8"), (byte) => byte.toString(16).padStart(2, "0"));
  const units = Array.from({ length: character.length }, (_, index) =>
    character.charCodeAt(index).toString(16).padStart(4, "0"),
  );
  const point = character.codePointAt(0) ?? 0;
  const forms = [
    escapePattern(character),
    ...(NAMED_ESCAPES[character] ?? []).map(escapePattern),
    utf8.map((hex) => `%${ignoreCase(hex)}`).join(""),
    units.map((hex) => String.raw`\\u${ignoreCase(hex)}`).join(""),
    ...(point < 0x100 ? [String.raw`\\x${ignoreCase(point.toString(16).padStart(2, "0"))}`] : []),
    `&#(?:0*${point}|[xX]0*${ignoreCase(point.toString(16))});`,
  ];
  return `(?:${forms.join("|")})`;
}

/** What base64 of any text that holds the bytes must hold, for each of the three ways to fall on its groups. */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/={1,2}$/u, "");
    // The first characters hold bits of what stands before, the last one may hold bits of what follows.
    const start = offset === 0 ? 0 : offset + 1;
    const end = (offset + bytes.length) % 3 === 0 ? encoded.length : encoded.length - 1;
    const core = encoded.slice(start, end);
    return core.length < MIN_BASE64_LENGTH ? [] : [core];
  });
}

function toBase64Pattern(core: string): string {
  return Array.from(core, (character) => {
    if (character === "+") return "(?:[+-]|%2[bB])";
    return character === "/" ? String.raw`(?:[/_]|%2[fF]|\\/)` : character;
  }).join("");
}

function toHexPattern(byte: number): string {
  return ignoreCase(byte.toString(16).padStart(2, "0"));
}

function ignoreCase(hex: string): string {
  return hex.replaceAll(/[a-f]/gu, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
