import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createProgress } from "../../src/cli/progress.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(isTTY: boolean) {
  const written: string[] = [];
  return { written, progress: createProgress({ isTTY, columns: 30, write: (text) => written.push(text) }) };
}

describe("createProgress()", () => {
  test("rewrites one line on a terminal, and takes it away", () => {
    const { written, progress } = open(true);
    progress.onProgress({ stage: "fetch", subject: "https://host.example/a/very/long/path", state: "start" });
    vi.advanceTimersByTime(500);
    expect(written.length).toBeGreaterThan(2);
    expect(written.join("")).not.toContain("\n");
    expect(written[0]).toMatch(/fetching https:\/\/host\.\S*…$/u);
    progress.clear();
    expect(written.at(-1)).toBe("\r\u001B[2K");
    vi.advanceTimersByTime(500);
    expect(written.at(-1)).toBe("\r\u001B[2K");
  });

  test("shows nothing of what is done at once", () => {
    const { written, progress } = open(true);
    progress.onProgress({ stage: "lock", state: "start" });
    progress.onProgress({ stage: "lock", state: "done" });
    vi.advanceTimersByTime(50);
    progress.clear();
    expect(written).toEqual([]);
  });

  test("counts what is done beside it", () => {
    const { written, progress } = open(true);
    for (const subject of ["a", "b", "c"]) progress.onProgress({ stage: "fetch", subject, state: "start" });
    vi.advanceTimersByTime(300);
    expect(written.at(-1)).toContain("fetching a and 2 more");
    progress.clear();
  });

  test("writes nothing where there is no terminal", () => {
    const { written, progress } = open(false);
    progress.onProgress({ stage: "browser", state: "start" });
    vi.advanceTimersByTime(500);
    progress.clear();
    expect(written).toEqual([]);
  });
});
