/** Reads retries as a manifest or the settings write them (`max_attempts`, `backoff`, `max_backoff`, `jitter`). */
import { isPocketError } from "../errors.ts";
import { parseDurationMs } from "../limits.ts";
import { nearestHint, nearestName } from "../nearest.ts";
import { JITTERS, type Retry } from "../retry/retry.ts";
import { describeValue, quoteText } from "./describe-value.ts";
import { readAmount } from "./limits-table.ts";
import type { TableReader } from "./table-reader.ts";

/** The retries under `key`; undefined where it is absent. */
export function readRetry(table: TableReader, key: string): Retry | undefined {
  const retry = table.optionalTable(key);
  if (retry === undefined) return undefined;
  retry.only(["max_attempts", "backoff", "max_backoff", "jitter"]);
  const maxAttempts = readAmount(retry, "max_attempts");
  const backoff = readWait(retry, "backoff");
  const maxBackoff = readWait(retry, "max_backoff");
  const jitter = readJitter(retry);
  return {
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(backoff !== undefined && { backoff }),
    ...(maxBackoff !== undefined && { maxBackoff }),
    ...(jitter !== undefined && { jitter }),
  };
}

/** The duration under `key`; undefined where it is absent. */
export function readWait(retry: TableReader, key: string): string | undefined {
  const found = retry.value(key);
  if (found === undefined) return undefined;
  try {
    if (typeof found === "string" && parseDurationMs(found) >= 0) return found;
  } catch (error) {
    if (!isPocketError(error)) throw error;
  }
  throw retry.fault(key, `"${key}" must be a duration, found ${describeValue(found)}`, {
    found,
    hint: 'write a number with a unit in quotes, such as "250ms" or "2s"',
  });
}

/** The value of "jitter"; undefined where it is absent. */
export function readJitter(retry: TableReader): Retry["jitter"] {
  const text = retry.optionalText("jitter");
  if (text === undefined) return undefined;
  const jitter = JITTERS.find((known) => known === text);
  if (jitter !== undefined) return jitter;
  throw retry.fault("jitter", `"jitter" is ${quoteText(text)}${nearestHint(text, JITTERS)}`, {
    found: text,
    nearest: nearestName(text, JITTERS),
    hint: `use one of ${JITTERS.join(", ")}`,
  });
}
