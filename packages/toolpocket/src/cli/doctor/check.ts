/** One finding of `pocket doctor`. */
import { isPocketError } from "@toolpocket/core";

export interface Check {
  /** What was looked at. */
  readonly name: string;
  /** A warning is told, and breaks nothing. */
  readonly state: "ok" | "warning" | "failed";
  /** What was found, on one line. */
  readonly found: string;
  /** How to mend it: an imperative. */
  readonly remedy?: string;
}

export function passed(name: string, found: string): Check {
  return { name, state: "ok", found };
}

export function warned(name: string, found: string, remedy: string): Check {
  return { name, state: "warning", found, remedy };
}

export function failed(name: string, found: string, remedy: string): Check {
  return { name, state: "failed", found, remedy };
}

/** What `look` finds; a `PocketError` that it throws is a failed check with its hint as the remedy. */
export async function check(name: string, look: () => Promise<Check>): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    if (!isPocketError(error)) throw error;
    return failed(name, error.message, error.hint ?? "see docs/errors.md");
  }
}
