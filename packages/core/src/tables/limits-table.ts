/** Reads limits as a manifest or the settings write them (`timeout`, `max_memory_bytes`, …). */
import { isPocketError } from "../errors.ts";
import { parseDurationMs, type Limits } from "../limits.ts";
import { describeValue } from "./describe-value.ts";
import type { TableReader } from "./table-reader.ts";

/** The limits under `key`; `{}` where it is absent. */
export function readLimits(table: TableReader, key: string): Limits {
  const limits = table.optionalTable(key);
  if (limits === undefined) return {};
  limits.only(["timeout", "max_memory_bytes", "max_input_bytes", "max_output_bytes", "fuel"]);
  const timeout = readTimeout(limits);
  const maxMemoryBytes = readAmount(limits, "max_memory_bytes", "of bytes");
  const maxInputBytes = readAmount(limits, "max_input_bytes", "of bytes");
  const maxOutputBytes = readAmount(limits, "max_output_bytes", "of bytes");
  const fuel = readAmount(limits, "fuel");
  return {
    ...(timeout !== undefined && { timeout }),
    ...(maxMemoryBytes !== undefined && { maxMemoryBytes }),
    ...(maxInputBytes !== undefined && { maxInputBytes }),
    ...(maxOutputBytes !== undefined && { maxOutputBytes }),
    ...(fuel !== undefined && { fuel }),
  };
}

/** The duration above zero under "timeout"; undefined where it is absent. */
export function readTimeout(limits: TableReader): string | undefined {
  const found = limits.value("timeout");
  if (found === undefined) return undefined;
  try {
    if (typeof found === "string" && parseDurationMs(found) > 0) return found;
  } catch (error) {
    if (!isPocketError(error)) throw error;
  }
  throw limits.fault("timeout", `"timeout" must be a duration, found ${describeValue(found)}`, {
    found,
    hint: 'write a number with a unit in quotes, such as "30s", "1m30s" or "250ms"',
  });
}

/** The positive whole number under `key`; undefined where it is absent. */
export function readAmount(table: TableReader, key: string, unit = ""): number | undefined {
  const found = table.value(key);
  if (found === undefined) return undefined;
  if (typeof found === "number" && Number.isSafeInteger(found) && found > 0) return found;
  const meant = ["a positive whole number", unit].join(" ").trim();
  throw table.fault(key, `"${key}" must be ${meant}, found ${describeValue(found)}`, {
    found,
    hint: `write a number, such as ${key} = 1048576`,
  });
}
