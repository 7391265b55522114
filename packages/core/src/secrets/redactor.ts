/** Takes secrets out of what leaves a run: outputs, messages, events. */
import { isJsonObject, type JsonValue } from "../json.ts";
import type { BoundSecret } from "./bound-secret.ts";
import { escapePattern, toSecretPattern } from "./secret-pattern.ts";

/** Shorter values are not looked for: they stand in any text, and taking them out would tell where they are. */
const MIN_REDACTED_LENGTH = 4;

export interface Redactor {
  /** The text with every secret, and every placeholder, replaced by `[secret NAME]`. */
  text(text: string): string;
  /** As `text`, for one that may end in the midst of a secret. */
  cutText(text: string): string;
  /** All texts of a value, its keys too; a number that is a secret becomes text. */
  value(value: JsonValue): JsonValue;
}

/** Exposed secrets are taken out as well. */
export function createRedactor(secrets: readonly BoundSecret[]): Redactor {
  const needles = toNeedles(secrets);
  if (needles.length === 0) return { text: (text) => text, cutText: (text) => text, value: (value) => value };
  const pattern = new RegExp(needles.map(({ source }) => `(${source})`).join("|"), "gu");
  const text = (given: string): string =>
    given.replaceAll(pattern, (...match: unknown[]) => {
      const index = match.slice(1, needles.length + 1).findIndex((group) => group !== undefined);
      return needles[index]?.mark ?? "[secret]";
    });
  return {
    text,
    cutText: (given) => withoutCutEnd(text(given), needles),
    value: (value) => redactValue(value, text),
  };
}

interface Needle {
  readonly mark: string;
  /** Source of a regular expression. */
  readonly source: string;
  /** Plain forms of which a cut may leave the beginning. */
  readonly forms: readonly string[];
}

/** Longer ones first: one secret may begin with another. */
function toNeedles(secrets: readonly BoundSecret[]): Needle[] {
  const sorted = secrets.toSorted((a, b) => b.value.length - a.value.length);
  const placeholders = sorted.flatMap(({ name, placeholder }): Needle[] =>
    placeholder === undefined ? [] : [{ mark: toMark(name), source: escapePattern(placeholder), forms: [placeholder] }],
  );
  const values = sorted
    .filter(({ value }) => value.length >= MIN_REDACTED_LENGTH)
    .map(({ name, value }): Needle => {
      const escaped = JSON.stringify(value).slice(1, -1);
      return {
        mark: toMark(name),
        source: toSecretPattern(value),
        forms: [value, escaped, encodeURIComponent(value)],
      };
    });
  return [...placeholders, ...values];
}

function toMark(name: string): string {
  return `[secret ${name}]`;
}

function withoutCutEnd(text: string, needles: readonly Needle[]): string {
  for (const { mark, forms } of needles) {
    for (const form of forms) {
      for (let length = form.length - 1; length >= MIN_REDACTED_LENGTH; length -= 1) {
        if (text.endsWith(form.slice(0, length))) return `${text.slice(0, -length)}${mark}`;
      }
    }
  }
  return text;
}

function redactValue(value: JsonValue, redact: (text: string) => string): JsonValue {
  if (typeof value === "string") return redact(value);
  if (typeof value === "number") return redact(String(value)) === String(value) ? value : redact(String(value));
  if (Array.isArray(value)) return value.map((item) => redactValue(item, redact));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [redact(key), redactValue(member, redact)]));
}
