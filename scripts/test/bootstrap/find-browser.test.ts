import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findBrowser } from "../../bootstrap/find-browser.mjs";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "find-browser-"));
  await chmod(folder, 0o755);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test("findBrowser() takes the configured browser when there are others", async () => {
  const configured = await createProgram("my/browser");
  await createProgram("bin/chromium");
  expect(findBrowser({ ...environment(), POCKET_BROWSER: configured })).toEqual({ path: configured, variables: {} });
});

test("findBrowser() throws and names the variable when the configured browser is not there", () => {
  const PUPPETEER_EXECUTABLE_PATH = join(folder, "missing");
  expect(() => findBrowser({ ...environment(), PUPPETEER_EXECUTABLE_PATH })).toThrow(
    `PUPPETEER_EXECUTABLE_PATH names ${PUPPETEER_EXECUTABLE_PATH}`,
  );
});

test("findBrowser() leaves the system's browser to the product when there is no other", async () => {
  const path = await createProgram("bin/chromium");
  expect(findBrowser(environment(), { asRoot: false })).toEqual({ path, variables: {} });
});

test("findBrowser() takes the newest of Puppeteer's cache when it holds several", async () => {
  await createProgram("cache/chrome/linux-99.0.1/chrome-linux64/chrome");
  const path = await createProgram("cache/chrome/linux-156.0.8/chrome-linux64/chrome");
  await createProgram("bin/chromium");
  expect(findBrowser(environment(), { asRoot: false })).toEqual({ path, variables: { POCKET_BROWSER: path } });
});

test("findBrowser() passes over a cache that is closed to others when root asks", async () => {
  await createProgram("cache/chrome/linux-156.0.8/chrome-linux64/chrome");
  await chmod(join(folder, "cache"), 0o700);
  const path = await createProgram("bin/chromium");
  expect(findBrowser(environment(), { asRoot: true })).toEqual({ path, variables: { POCKET_BROWSER: path } });
});

test("findBrowser() looks behind links when root asks", async () => {
  const hidden = await createProgram("hidden/chrome");
  await chmod(dirname(hidden), 0o700);
  await mkdir(join(folder, "bin"));
  await symlink(hidden, join(folder, "bin/chromium"));
  const path = await createProgram("bin/google-chrome");
  expect(findBrowser(environment(), { asRoot: true })?.path).toBe(path);
});

test("findBrowser() finds nothing when what has the name is a folder or cannot be run", async () => {
  await mkdir(join(folder, "bin/chromium"), { recursive: true });
  await writeFile(join(folder, "bin/chrome"), "");
  expect(findBrowser(environment(), { asRoot: false })).toBeUndefined();
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
