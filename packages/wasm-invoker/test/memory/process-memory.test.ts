/** Reading a process's memory from the operating system. */
import { describe, expect, it } from "vitest";
import { readProcessMemory } from "../../src/memory/process-memory.ts";

describe("readProcessMemory()", () => {
  it.skipIf(process.platform !== "linux")(
    "readProcessMemory() sees what this process allocates when it is asked (needs Linux's /proc)",
    () => {
      const before = readProcessMemory(process.pid) ?? 0;
      const block = Buffer.alloc(64 * 1_048_576, 1);
      const after = readProcessMemory(process.pid) ?? 0;
      expect(before).toBeGreaterThan(1_048_576);
      expect(after - before).toBeGreaterThan(block.length / 2);
    },
  );

  it("readProcessMemory() gives undefined when there is no such process", () => {
    expect(readProcessMemory(2 ** 30)).toBeUndefined();
  });
});
