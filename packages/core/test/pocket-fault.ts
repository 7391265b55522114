/** Catches the PocketError that a call is expected to throw. */
import { isPocketError, type PocketError } from "../src/errors.ts";

export function pocketFault(call: () => unknown): PocketError {
  try {
    call();
  } catch (error) {
    if (isPocketError(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
