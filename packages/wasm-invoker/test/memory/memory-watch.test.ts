/** The watch on a sandbox's memory: it ends what has grown beyond what its runs may hold, and nothing else. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RUN_OVERHEAD_BYTES, SANDBOX_OVERHEAD_BYTES, watchMemory } from "../../src/memory/memory-watch.ts";

const LIMIT = 1_000_000;
const ALLOWED = LIMIT + RUN_OVERHEAD_BYTES + SANDBOX_OVERHEAD_BYTES;
const PROCESS = 4_711;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watch({ processId }: { processId: number | undefined } = { processId: PROCESS }) {
  let held: number | undefined = 500;
  const onExceeded = vi.fn<() => void>();
  const readMemory = vi.fn<() => number | undefined>(() => held);
  const memory = watchMemory({ processId, onExceeded, readMemory });
  const grow = async (bytes: number | undefined): Promise<void> => {
    held = bytes;
    await vi.advanceTimersByTimeAsync(100);
  };
  return { memory, onExceeded, readMemory, grow };
}

describe("watchMemory()", () => {
  it("watchMemory() tells when the process has grown beyond what its run may hold", async () => {
    const { memory, onExceeded, grow } = watch();
    memory.enter(LIMIT);
    await grow(500 + ALLOWED);
    expect(onExceeded).not.toHaveBeenCalled();
    await grow(501 + ALLOWED);
    expect(onExceeded).toHaveBeenCalled();
  });

  it("enter() allows more when several runs are under way, and leave() takes it back", async () => {
    const { memory, onExceeded, grow } = watch();
    memory.enter(LIMIT);
    memory.enter(LIMIT);
    await grow(501 + ALLOWED);
    expect(onExceeded).not.toHaveBeenCalled();
    memory.leave(LIMIT);
    await grow(501 + ALLOWED);
    expect(onExceeded).toHaveBeenCalled();
  });

  it("watchMemory() reads nothing when no run is under way, and after close()", async () => {
    const { memory, readMemory, grow } = watch();
    await grow(ALLOWED * 10);
    expect(readMemory).not.toHaveBeenCalled();
    memory.enter(LIMIT);
    memory.leave(LIMIT);
    const reads = readMemory.mock.calls.length;
    await grow(ALLOWED * 10);
    memory.enter(LIMIT);
    memory.close();
    await grow(ALLOWED * 20);
    expect(readMemory).toHaveBeenCalledTimes(reads + 1);
  });

  it("watchMemory() measures growth from the run's start when the process held much before", async () => {
    const { memory, onExceeded, grow } = watch();
    await grow(ALLOWED * 3);
    memory.enter(LIMIT);
    await grow(ALLOWED * 4);
    expect(onExceeded).not.toHaveBeenCalled();
    await grow(ALLOWED * 4 + 1);
    expect(onExceeded).toHaveBeenCalled();
  });

  it("watchMemory() does nothing when the process is not known, or is gone", async () => {
    const unknown = watch({ processId: undefined });
    const gone = watch();
    for (const { memory, grow } of [gone, unknown]) {
      memory.enter(LIMIT);
      await grow(undefined);
    }
    expect(gone.onExceeded).not.toHaveBeenCalled();
    expect(unknown.onExceeded).not.toHaveBeenCalled();
  });
});
