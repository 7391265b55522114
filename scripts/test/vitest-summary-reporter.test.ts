/** Runs Vitest on small suites of its own, and reads the end of what it prints. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runQuietly } from "../bootstrap/child-process.mjs";
import { ROOT } from "../bootstrap/workspace.mjs";

let folder: string;

beforeAll(async () => {
  // Inside the checkout, so that the suites can import vitest.
  await mkdir(join(ROOT, "tmp"), { recursive: true });
  folder = await mkdtemp(join(ROOT, "tmp", "summary-"));
  await writeFile(
    join(folder, "vitest.config.ts"),
    `import { createSummaryReporter } from ${JSON.stringify(join(ROOT, "scripts/vitest-summary-reporter.ts"))};
     export default { test: { reporters: ["dot", createSummaryReporter()] } };`,
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("createSummaryReporter() ends with the count when all tests pass", async () => {
  const run = await runSuite("pass", `test("a", () => {}); test("b", () => {});`);
  expect(run).toEqual({ exitCode: 0, end: ["2 passed, 0 failed"] });
});

test("createSummaryReporter() names skipped tests with their reasons when there are some", async () => {
  const run = await runSuite("skip", `test("a", () => {}); test("b", (context) => context.skip("no moon"));`);
  expect(run).toEqual({
    exitCode: 0,
    end: ["skipped  skip.test.ts > b: no moon", "1 passed, 0 failed, 1 skipped"],
  });
});

test("createSummaryReporter() counts what a failed set-up kept from running as failed", async () => {
  const run = await runSuite(
    "set-up",
    `test("a", () => { throw new Error("a"); });
     describe("suite", () => { beforeAll(() => { throw new Error("b"); }); test("c", () => {}); test("d", () => {}); });`,
  );
  expect(run).toEqual({ exitCode: 1, end: ["0 passed, 3 failed"] });
});

test("createSummaryReporter() counts a file that does not load as failed", async () => {
  const run = await runSuite("load", `import "./missing.ts"; test("a", () => {});`);
  expect(run).toEqual({ exitCode: 1, end: ["0 passed, 1 failed"] });
});

test("createSummaryReporter() counts an error outside of tests as failed", async () => {
  const run = await runSuite(
    "stray",
    `test("a", async () => { setTimeout(() => { throw new Error("stray"); }); await new Promise((r) => setTimeout(r, 500)); });`,
  );
  expect(run).toEqual({ exitCode: 1, end: ["1 passed, 1 failed"] });
});

test("createSummaryReporter() fails the process when no test ran", async () => {
  const run = await runSuite("nothing", `test("a", (context) => context.skip("never"));`);
  expect(run).toEqual({
    exitCode: 1,
    end: ["skipped  nothing.test.ts > a: never", "0 passed, 0 failed, 1 skipped"],
  });
});

/** Runs one file of tests; `end` is the last lines, from the first skipped test on. */
async function runSuite(name: string, body: string): Promise<{ exitCode: number; end: string[] }> {
  const imports = `import { beforeAll, describe, test } from "vitest";\n`;
  await writeFile(join(folder, `${name}.test.ts`), imports + body);
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const { exitCode, output } = await runQuietly("node", [vitest, "run", "--root", folder, `${name}.test.ts`]);
  const lines = output.trimEnd().split("\n");
  const start = lines.findIndex((line) => line.startsWith("skipped  "));
  return { exitCode, end: lines.slice(start === -1 ? -1 : start) };
}
