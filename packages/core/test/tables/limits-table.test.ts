import { describe, expect, it } from "vitest";
import { readLimits } from "../../src/tables/limits-table.ts";
import { pocketFault } from "../pocket-fault.ts";
import { openTestTable } from "./open-test-table.ts";

const read = (text: string) => readLimits(openTestTable(text), "limits");

describe("readLimits()", () => {
  it("reads all limits", () => {
    expect(read('limits = { timeout = "1m30s", max_memory_bytes = 1_048_576, max_output_bytes = 10 }')).toEqual({
      timeout: "1m30s",
      maxMemoryBytes: 1_048_576,
      maxOutputBytes: 10,
    });
    expect(read("")).toEqual({});
  });

  it.each([
    ["timeout = 10", "limits.timeout", "found 10"],
    ['timeout = "10"', "limits.timeout", 'found "10"'],
    ['timeout = "0s"', "limits.timeout", 'found "0s"'],
    ['max_memory_bytes = "5"', "limits.max_memory_bytes", 'found "5"'],
    ["max_memory_bytes = -1", "limits.max_memory_bytes", "found -1"],
    ["max_output_bytes = 1.5", "limits.max_output_bytes", "found 1.5"],
    ["max_output_bytes = inf", "limits.max_output_bytes", "found Infinity"],
    ["max_memory_byte = 5", "limits.max_memory_byte", 'did you mean "max_memory_bytes"?'],
  ])("refuses %j", (text, key, message) => {
    const error = pocketFault(() => read(`[limits]\n${text}`));
    expect(error.details).toMatchObject({ file: "test.toml", key });
    expect(error.message).toContain(message);
  });
});
