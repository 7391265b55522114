/** Holds that every error code is documented in docs/errors.md and named by a test. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { POCKET_ERROR_CODES } from "../../packages/core/src/errors.ts";
import { ROOT, listFiles, listPackageFolders } from "../bootstrap/workspace.mjs";

const CODE = /\bERR_POCKET_\w+/gu;

test("docs/errors.md has one line for each code, in the order of the list", () => {
  const documented = [...readText("docs/errors.md").matchAll(/^\| `(ERR_POCKET_\w+)` \|/gmu)];
  expect(documented.map(([, code]) => code)).toEqual([...POCKET_ERROR_CODES]);
});

test.each(POCKET_ERROR_CODES)("%s is named by a test", (code) => {
  expect(namedCodes).toContain(code);
});

const namedCodes = listPackageFolders()
  .map((folder) => join(folder, "test"))
  .filter((folder) => existsSync(join(ROOT, folder)))
  .flatMap((folder) => listFiles(folder))
  .filter((file) => file.endsWith(".test.ts"))
  .flatMap((file) => readText(file).match(CODE) ?? []);

function readText(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}
