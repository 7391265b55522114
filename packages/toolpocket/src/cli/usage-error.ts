/** The error of a command line that cannot be understood: exit code 2. */
import { PocketError } from "@toolpocket/core/messages";

/** @param hint an imperative, best a command */
export function usageError(message: string, hint: string, details: Record<string, unknown> = {}): PocketError {
  return new PocketError("ERR_POCKET_USAGE", message, { hint, details });
}
