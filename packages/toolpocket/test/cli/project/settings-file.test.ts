import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  holdSettings,
  readSettingsText,
  withSettings,
  writeSettingsText,
} from "../../../src/cli/project/settings-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "settings-file-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const fail = (): Promise<never> => Promise.reject(new Error("the work failed"));

describe("withSettings()", () => {
  test("keeps the new text when the work is done, and leaves no other file", async () => {
    await withSettings(folder, { before: undefined, text: "new" }, async () => {
      expect(await readSettingsText(folder)).toBe("new");
    });
    expect(await readdir(folder)).toEqual(["settings.toml"]);
    expect(await readSettingsText(folder)).toBe("new");
  });

  test("puts the old text back when the work fails", async () => {
    await writeSettingsText(folder, "old");
    await expect(withSettings(folder, { before: "old", text: "new" }, fail)).rejects.toThrow("the work failed");
    expect(await readSettingsText(folder)).toBe("old");
  });

  test("removes the file again when there was none", async () => {
    await expect(withSettings(folder, { before: undefined, text: "new" }, fail)).rejects.toThrow("the work failed");
    expect(await readdir(folder)).toEqual([]);
  });

  test("leaves what somebody else wrote meanwhile", async () => {
    const work = async (): Promise<never> => {
      await writeFile(join(folder, "settings.toml"), "theirs");
      return fail();
    };
    await expect(withSettings(folder, { before: undefined, text: "new" }, work)).rejects.toThrow("the work failed");
    expect(await readFile(join(folder, "settings.toml"), "utf8")).toBe("theirs");
  });

  test("does not begin the work when the text cannot be written", async () => {
    let hasBegun = false;
    const writing = withSettings(join(folder, "gone"), { before: undefined, text: "new" }, async () => {
      hasBegun = true;
    });
    await expect(writing).rejects.toMatchObject({ code: "ERR_POCKET_SETTINGS_WRITE" });
    expect(hasBegun).toBe(false);
  });
});

describe("holdSettings()", () => {
  test("lets one work after the other read and write, and leaves no other file", async () => {
    const append = (line: string): Promise<void> =>
      holdSettings(folder, async () => {
        const before = await readSettingsText(folder);
        await new Promise((resolve) => setTimeout(resolve, 5));
        await writeSettingsText(folder, `${before ?? ""}${line}`);
      });
    await Promise.all(["a", "b", "c"].map(append));
    expect([...((await readSettingsText(folder)) ?? "")].toSorted()).toEqual(["a", "b", "c"]);
    expect(await readdir(folder)).toEqual(["settings.toml"]);
  });

  test("throws ERR_POCKET_SETTINGS_WRITE when the folder takes no file, and the work's own error when that fails", async () => {
    await expect(holdSettings(join(folder, "gone"), fail)).rejects.toMatchObject({ code: "ERR_POCKET_SETTINGS_WRITE" });
    await expect(holdSettings(folder, fail)).rejects.toThrow("the work failed");
  });
});
