import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const FOLDER = join(import.meta.dirname, "..");

test("agent answers out of three tools and keeps its lock when it is run", async () => {
  const lock = await readFile(join(FOLDER, "pocket.lock"), "utf8");
  const main = join(FOLDER, "src", "main.ts");
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=toolpocket-source", main]);
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("ai     You land on 2026-07-16, at about 77 °F.");
  expect(stdout.match(/^tool /gmu)).toHaveLength(3);
  expect(await readFile(join(FOLDER, "pocket.lock"), "utf8")).toBe(lock);
});

test.each(["ai-sdk.ts", "openai.ts"])("%s answers out of a tool and keeps the lock", async (program) => {
  const lock = await readFile(join(FOLDER, "pocket.lock"), "utf8");
  const main = join(FOLDER, "src", program);
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=toolpocket-source", main]);
  expect(stdout).toBe("About 77 °F in July.\n");
  expect(await readFile(join(FOLDER, "pocket.lock"), "utf8")).toBe(lock);
});
