/** Finding the browser: the configured one or an error that names it, else Puppeteer's or the system's. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import puppeteer from "puppeteer";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findBrowser, isOpenToOthers } from "../../src/browser/find-browser.ts";

let folder: string;
let executable: string;
let plainFile: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "find-browser-"));
  executable = join(folder, "my-browser");
  plainFile = join(folder, "notes.txt");
  await writeFile(executable, "#!/bin/sh\n", { mode: 0o755 });
  await writeFile(plainFile, "no program", { mode: 0o644 });
});
afterAll(() => rm(folder, { recursive: true }));

describe("findBrowser()", () => {
  it("findBrowser() takes the option when one is given, before the environment", async () => {
    const environment = { POCKET_BROWSER: "/nowhere", PUPPETEER_EXECUTABLE_PATH: "/nowhere" };
    expect(await findBrowser(executable, environment)).toEqual({ path: executable, origin: "option" });
  });

  it.each(["POCKET_BROWSER", "PUPPETEER_EXECUTABLE_PATH"])("findBrowser() takes %s when it is set", async (name) => {
    expect(await findBrowser(undefined, { [name]: executable, PATH: "" })).toEqual({ path: executable, origin: name });
  });

  it("findBrowser() takes POCKET_BROWSER before PUPPETEER_EXECUTABLE_PATH when both are set", async () => {
    const environment = { POCKET_BROWSER: executable, PUPPETEER_EXECUTABLE_PATH: "/nowhere" };
    expect(await findBrowser(undefined, environment)).toMatchObject({ origin: "POCKET_BROWSER" });
  });

  it.each([
    ["is not there", () => join(folder, "missing")],
    ["cannot be executed", () => plainFile],
    ["is a folder that holds it", () => join(plainFile, "chromium")],
  ])(
    "findBrowser() throws ERR_POCKET_BROWSER_MISSING, and looks no further, when the configured one %s",
    async (_why, path) => {
      const finding = findBrowser(path(), { PATH: folder });
      await expect(finding).rejects.toMatchObject({
        code: "ERR_POCKET_BROWSER_MISSING",
        message: `there is no browser at ${path()}, named by option`,
        details: { path: path(), origin: "option" },
      });
      await expect(finding).rejects.toHaveProperty("hint", expect.stringContaining("POCKET_BROWSER"));
    },
  );

  it("findBrowser() finds a browser on PATH, in PATH's order, when none is configured and Puppeteer has none", async () => {
    const [first, second] = [join(folder, "first"), join(folder, "second")];
    for (const place of [first, second]) {
      await mkdir(place);
      await writeFile(join(place, "chromium"), "#!/bin/sh\n");
    }
    await chmod(join(second, "chromium"), 0o755);
    const found = await findBrowser(undefined, { PATH: ["", "relative", first, second].join(delimiter) });
    // Where Puppeteer has downloaded one, that one goes first.
    const system = { path: join(second, "chromium"), origin: "system" };
    expect(found.origin === "puppeteer" ? system : found).toEqual(system);
  });
});

describe("findBrowser() in Puppeteer's cache", () => {
  let cache: string;

  beforeAll(async () => {
    cache = join(folder, "cache");
    await chmod(folder, 0o755);
    await mkdir(cache);
    vi.stubEnv("PUPPETEER_CACHE_DIR", cache);
  });
  afterAll(() => vi.unstubAllEnvs());

  it.each(["", "150.0.7000.1"])(
    "findBrowser() looks where Puppeteer itself would when version %j is asked for",
    async (version) => {
      if (version !== "") vi.stubEnv("PUPPETEER_CHROME_VERSION", version);
      const path = await puppeteer.executablePath();
      expect(path).toContain(cache);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, "#!/bin/sh\n", { mode: 0o755 });
      expect(await findBrowser(undefined, { PATH: folder })).toEqual({ path, origin: "puppeteer" });
    },
  );
});

describe("isOpenToOthers()", () => {
  it("isOpenToOthers() is false when a folder above is closed, and true when none is", async () => {
    const closed = join(folder, "closed");
    await mkdir(closed);
    const program = join(closed, "browser");
    await writeFile(program, "#!/bin/sh\n", { mode: 0o755 });
    await chmod(folder, 0o755);
    await chmod(closed, 0o755);
    expect(await isOpenToOthers(program)).toBe(true);
    await chmod(closed, 0o700);
    expect(await isOpenToOthers(program)).toBe(false);
  });

  it("isOpenToOthers() is false when others may not execute the file itself", async () => {
    await chmod(folder, 0o755);
    expect(await isOpenToOthers(plainFile)).toBe(false);
  });
});
