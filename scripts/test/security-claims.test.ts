/** SECURITY.md against the tests: each of its claims names one that is there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../bootstrap/workspace.mjs";

interface Claim {
  readonly text: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

const claims = readClaims(readFileSync(join(ROOT, "SECURITY.md"), "utf8"));

test("SECURITY.md claims something", () => {
  expect(claims.length).toBeGreaterThan(30);
});

test.each(claims.map((claim) => [claim.text, claim.tests] as const))("a test holds: %s", (_text, tests) => {
  expect(tests).not.toEqual([]);
  for (const { file, title } of tests) {
    const path = join(ROOT, "packages", file);
    expect(existsSync(path), `${file} is there`).toBe(true);
    expect(hasTest(readFileSync(path, "utf8"), title), `${file} has a test “${title}”`).toBe(true);
  }
});

/** The points of the section about what each layer stops. */
function readClaims(text: string): Claim[] {
  const [, section = ""] = /^## What each layer stops\n(.*?)^## /msu.exec(text) ?? [];
  return section
    .split(/^- /mu)
    .slice(1)
    .map((point) => ({
      text: (point.split("\n")[0] ?? "").trim(),
      tests: [...point.matchAll(/`([\w./-]+\.test\.ts)`:\s+"([^"]+)"/gu)].map(([, file = "", title = ""]) => ({
        file,
        title,
      })),
    }));
}

/** Titles stand in quotation marks, as the argument of `it(…)` or of `it.each(…)(…)`. */
function hasTest(source: string, title: string): boolean {
  const escaped = title.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
  return new RegExp(String.raw`\(\s*"${escaped}",`, "u").test(source);
}
