/** The demo as `npm run demo` starts it. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const MAIN = join(import.meta.dirname, "..", "src", "main.ts");

let temporary: string;

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), "demo-test-"));
});

afterAll(() => rm(temporary, { recursive: true, force: true }));

function runDemo(environment: NodeJS.ProcessEnv = {}) {
  const { FORCE_COLOR: _, ...inherited } = process.env;
  return promisify(execFile)(process.execPath, ["--conditions=toolpocket-source", MAIN], {
    env: { ...inherited, TMPDIR: temporary, ...environment },
  });
}

test("demo shows every stage in plain text and leaves nothing behind when it is piped", async () => {
  const { stdout, stderr } = await runDemo();

  expect(stderr).toBe("");
  expect(stdout).not.toContain("\u001b");
  expect(stdout.match(/^\d \w+/gmu)).toEqual(["1 Publish", "2 Pin", "3 Run", "4 Converse", "5 Hold", "6 Restart"]);
  expect(stdout).toMatch(/\[\[tool\]\]\n.*name = "climate"/u);
  expect(stdout).toContain("Seoul: 25 °C on average in July. The slug is seoul-in-july.");
  expect(stdout).toContain("all refused; 0 requests arrived");
  expect(stdout).toContain("✔ Every step held");
  expect(await readdir(temporary)).toEqual([]);
});

test("demo names the step that failed and ends with 1 when there is no browser", async () => {
  const failure: unknown = await runDemo({ POCKET_BROWSER: "/nowhere/chrome" }).catch((error: unknown) => error);

  expect(failure).toMatchObject({ code: 1, stderr: "" });
  expect(failure).toMatchObject({ stdout: expect.stringMatching(/● +\d.* climate +failed\n\n✖ .+\n→ .+\n$/u) });
  expect(await readdir(temporary)).toEqual([]);
});
