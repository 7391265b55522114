import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const FOLDER = join(import.meta.dirname, "..");

test("script prints what its README shows and keeps its lock when it is run", async () => {
  const lock = await readFile(join(FOLDER, "pocket.lock"), "utf8");
  const main = join(FOLDER, "src", "main.ts");
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=toolpocket-source", main]);
  expect(await readFile(join(FOLDER, "README.md"), "utf8")).toContain(stdout);
  expect(stdout.split("\n")).toHaveLength(3);
  expect(await readFile(join(FOLDER, "pocket.lock"), "utf8")).toBe(lock);
});
