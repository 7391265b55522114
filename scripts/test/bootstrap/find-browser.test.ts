import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findBrowsers } from "../../bootstrap/find-browser.mjs";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "find-browser-"));
  await chmod(folder, 0o755);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test("findBrowsers() takes the configured browser when there are others", async () => {
  const configured = await createProgram("my/browser");
  await createProgram("bin/chromium");
  expect(findBrowsers({ ...environment(), POCKET_BROWSER: configured })).toEqual([{ path: configured, variables: {} }]);
});

test("findBrowsers() throws and names the variable when the configured browser is not there", () => {
  const PUPPETEER_EXECUTABLE_PATH = join(folder, "missing");
  expect(() => findBrowsers({ ...environment(), PUPPETEER_EXECUTABLE_PATH })).toThrow(
    `PUPPETEER_EXECUTABLE_PATH names ${PUPPETEER_EXECUTABLE_PATH}`,
  );
});

test("findBrowsers() leaves the system's browser to the product when there is no other", async () => {
  const path = await createProgram("bin/chromium");
  expect(findBrowsers(environment(), { asRoot: false })).toEqual([{ path, variables: {} }]);
});

test("findBrowsers() puts the newest first of Puppeteer's cache when it holds several", async () => {
  await createProgram("cache/chrome/linux-99.0.1/chrome-linux64/chrome");
  const path = await createProgram("cache/chrome/linux-156.0.8/chrome-linux64/chrome");
  await createProgram("bin/chromium");
  const [first] = findBrowsers(environment(), { asRoot: false });
  expect(first).toEqual({ path, variables: { POCKET_BROWSER: path } });
});

test("findBrowsers() passes over a cache that is closed to others when root asks", async () => {
  await createProgram("cache/chrome/linux-156.0.8/chrome-linux64/chrome");
  await chmod(join(folder, "cache"), 0o700);
  const path = await createProgram("bin/chromium");
  expect(findBrowsers(environment(), { asRoot: true })).toEqual([{ path, variables: { POCKET_BROWSER: path } }]);
});

test("findBrowsers() looks behind links when root asks", async () => {
  const hidden = await createProgram("hidden/chrome");
  await chmod(dirname(hidden), 0o700);
  await mkdir(join(folder, "bin"));
  await symlink(hidden, join(folder, "bin/chromium"));
  const path = await createProgram("bin/google-chrome");
  expect(findBrowsers(environment(), { asRoot: true }).map((browser) => browser.path)).toEqual([path]);
});

test("findBrowsers() names a browser that the product would not take when there are several", async () => {
  const first = await createProgram("bin/chromium");
  const second = await createProgram("bin/chrome");
  expect(findBrowsers(environment(), { asRoot: false })).toEqual([
    { path: first, variables: {} },
    { path: second, variables: { POCKET_BROWSER: second } },
  ]);
});

test("findBrowsers() finds nothing when what has the name is a folder or cannot be run", async () => {
  await mkdir(join(folder, "bin/chromium"), { recursive: true });
  await writeFile(join(folder, "bin/chrome"), "");
  expect(findBrowsers(environment(), { asRoot: false })).toEqual([]);
});

function environment(): Record<string, string> {
  return { PATH: join(folder, "bin"), PUPPETEER_CACHE_DIR: join(folder, "cache") };
}

async function createProgram(path: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "#!/bin/sh\n", { mode: 0o755 });
  return file;
}
