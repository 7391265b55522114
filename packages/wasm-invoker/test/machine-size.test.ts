import { describe, expect, it } from "vitest";
import { sizeByMachine } from "../src/machine-size.ts";

const GIB = 2 ** 30;

describe("sizeByMachine()", () => {
  it.each([
    [
      "a small machine",
      { cores: 1, memoryBytes: GIB },
      { maxSandboxes: 2, maxSessions: 4, readyInstances: 1, maxConcurrentRuns: 2 },
    ],
    [
      "a laptop",
      { cores: 4, memoryBytes: 8 * GIB },
      { maxSandboxes: 8, maxSessions: 8, readyInstances: 1, maxConcurrentRuns: 8 },
    ],
    [
      "a server",
      { cores: 32, memoryBytes: 64 * GIB },
      { maxSandboxes: 16, maxSessions: 32, readyInstances: 2, maxConcurrentRuns: 64 },
    ],
    [
      "many cores with little memory",
      { cores: 16, memoryBytes: 4 * GIB },
      { maxSandboxes: 4, maxSessions: 4, readyInstances: 1, maxConcurrentRuns: 32 },
    ],
  ])("sizeByMachine() keeps what fits when it is %s", (_what, machine, size) => {
    expect(sizeByMachine(machine)).toEqual(size);
  });
});
