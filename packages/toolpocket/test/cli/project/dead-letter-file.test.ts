import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeadLetter } from "@toolpocket/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDeadLetters } from "../../../src/cli/project/dead-letter-file.ts";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "dead-letters-"));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

function toLetter(city: string): DeadLetter {
  const error = { code: "timeout", reason: "tool_execution_timeout", message: "late", retryable: true };
  return {
    tool: "weather",
    input: { city },
    status: "error",
    error,
    attempts: 3,
    failedAt: "2026-01-01T00:00:00.000Z",
  };
}

describe("openDeadLetters()", () => {
  it("reads what was added, in order, when many add at once", async () => {
    const file = openDeadLetters(cwd, "failed.jsonl");
    const cities = Array.from({ length: 8 }, (_, index) => `city\n${index}`);
    await Promise.all(cities.map((city) => openDeadLetters(cwd, "failed.jsonl").add(toLetter(city))));
    const letters = await file.read();
    expect(letters.map(({ input }) => input)).toEqual(expect.arrayContaining(cities.map((city) => ({ city }))));
    expect(letters).toHaveLength(8);
  });

  it("removes the letters that are named, once each, and leaves what was added meanwhile", async () => {
    const file = openDeadLetters(cwd, "failed.jsonl");
    for (const city of ["Seoul", "Busan", "Seoul"]) await file.add(toLetter(city));
    const [first] = await file.read();
    await file.add(toLetter("Jeju"));
    expect(await file.remove(first ? [first] : [])).toBe(3);
    expect((await file.read()).map(({ input }) => input)).toEqual([
      { city: "Busan" },
      { city: "Seoul" },
      { city: "Jeju" },
    ]);
  });

  it("throws ERR_POCKET_DEAD_LETTERS and names the letter when a line is none", async () => {
    const path = join(cwd, "failed.jsonl");
    await writeFile(path, '{"tool":"weather","input":{}}\n');
    await appendFile(path, '{"tool":"weather"}\n');
    await expect(openDeadLetters(cwd, path).read()).rejects.toMatchObject({
      code: "ERR_POCKET_DEAD_LETTERS",
      details: { letter: 2 },
    });
    expect(await readFile(path, "utf8")).toContain('{"tool":"weather"}');
  });

  it("throws ERR_POCKET_DEAD_LETTERS when there is no such file or folder", async () => {
    await expect(openDeadLetters(cwd, "missing.jsonl").read()).rejects.toMatchObject({
      code: "ERR_POCKET_DEAD_LETTERS",
    });
    await expect(openDeadLetters(cwd, "no/such.jsonl").add(toLetter("Seoul"))).rejects.toMatchObject({
      code: "ERR_POCKET_DEAD_LETTERS",
    });
  });
});
