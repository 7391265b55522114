import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureTestPrograms, findMissingPrograms } from "../../bootstrap/test-programs.mjs";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "test-programs-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("findMissingPrograms() names what is not on the path, or cannot be run", async () => {
  const [first, second] = [join(folder, "first"), join(folder, "second")];
  await mkdir(first);
  await mkdir(second);
  await writeFile(join(first, "htpasswd"), "", { mode: 0o755 });
  await writeFile(join(second, "docker-registry"), "", { mode: 0o644 });
  expect(findMissingPrograms({ PATH: [first, second].join(delimiter) })).toEqual(["docker-registry"]);
  expect(findMissingPrograms({})).toEqual(["docker-registry", "htpasswd"]);
});

test("ensureTestPrograms() goes on without them where there is no apt-get", async () => {
  await expect(ensureTestPrograms({ PATH: folder })).resolves.toBeUndefined();
});

test("ensureTestPrograms() goes on without them when apt-get fails", async () => {
  // As root `env` is what is run.
  for (const program of ["apt-get", "env"]) {
    await writeFile(join(folder, program), "#!/bin/sh\nexit 100\n", { mode: 0o755 });
  }
  await expect(ensureTestPrograms({ PATH: folder })).resolves.toBeUndefined();
});
