import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runQuietly } from "../bootstrap/child-process.mjs";
import { findScript } from "../bootstrap/scripts.mjs";
import { ROOT } from "../bootstrap/workspace.mjs";

const BOOTSTRAP = join(ROOT, "scripts/bootstrap.mjs");

test("bootstrap.mjs ends with 2 and names the scripts when there is none of that name", async () => {
  const { exitCode, output } = await runQuietly("node", [BOOTSTRAP, "tset"]);
  expect(exitCode).toBe(2);
  expect(output).toContain('There is no script "tset"');
  expect(output).toContain("Name one of: demo, test, ");
});

test("package.json runs every script of the bootstrap under its own name", () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const bootstrapped = Object.entries(scripts).filter(([, command]) => command.includes("bootstrap.mjs"));
  for (const [name, command] of bootstrapped) {
    expect(command).toBe(`node scripts/bootstrap.mjs ${name}`);
    expect(() => findScript(name)).not.toThrow();
  }
});

test.each(["pnpm-lock.yaml", "scripts/toolchain/package-lock.json"])("%s names no registry's host", (file) => {
  expect(readFileSync(join(ROOT, file), "utf8")).not.toMatch(/https?:\/\//u);
});
