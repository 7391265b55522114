/** Puts placeholders where an answer, an event or an error holds the values of secrets. */
import type { BoundSecret } from "@toolpocket/core";
import { replaceBytes, type Replacement } from "./replace-bytes.ts";
import { echoForms } from "./secret-forms.ts";

export interface SecretMask {
  /** For what goes to the guest; it keeps a value that was exposed to it anyway. Empty where there is nothing to mask. */
  readonly forGuest: readonly Replacement[];
  /** A header's value, as latin1. */
  header(value: string): string;
  /** For what users record: exposed values too. */
  text(text: string): string;
}

export function createSecretMask(secrets: readonly BoundSecret[]): SecretMask {
  const forGuest = secrets.flatMap(({ placeholder, value }) => {
    return placeholder === undefined ? [] : maskValue(value, placeholder);
  });
  const forRecord = secrets.flatMap(({ name, placeholder, value }) => maskValue(value, placeholder ?? `[${name}]`));
  return {
    forGuest,
    header: (value) => {
      if (forGuest.length === 0) return value;
      return replaceBytes(Buffer.from(value, "latin1"), forGuest).toString("latin1");
    },
    text: (text) => (forRecord.length === 0 ? text : replaceBytes(Buffer.from(text), forRecord).toString()),
  };
}

function maskValue(value: string, placeholder: string): readonly Replacement[] {
  const mask = Buffer.from(placeholder);
  return echoForms(value).map((find) => ({ find, put: () => mask }));
}
