/** Profile folders: fresh for each start, and those of dead hosts go, while all others stay. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createProfileFolder } from "../../src/browser/profile-folder.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "profile-folder-"));
  vi.stubEnv("TMPDIR", folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** The id of a process that was there and is gone. */
function findDeadProcessId(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

describe("createProfileFolder()", () => {
  it("createProfileFolder() makes a new private folder that names this process when it is called", async () => {
    const [first, second] = [await createProfileFolder(undefined), await createProfileFolder(undefined)];
    expect(first.path).not.toBe(second.path);
    expect(basename(first.path)).toMatch(new RegExp(`^pocket-browser-${process.pid}-`, "u"));
    expect((await stat(first.path)).mode & 0o077).toBe(0);
  });

  it("remove() takes the folder away with what is in it, also when it is gone already", async () => {
    const profile = await createProfileFolder(undefined);
    await mkdir(join(profile.path, "Default"));
    await writeFile(join(profile.path, "Default", "Preferences"), "{}");
    await profile.remove();
    expect(existsSync(profile.path)).toBe(false);
    await profile.remove();
  });

  it("createProfileFolder() removes the folders of dead hosts, and no others, when it is called", async () => {
    const abandoned = join(folder, `pocket-browser-${findDeadProcessId()}-abcdef`);
    const others = [
      `pocket-browser-${process.pid}-abcdef`,
      "pocket-browser-x-abcdef",
      "pocket-browser-",
      "other-1-abcdef",
    ];
    await mkdir(join(abandoned, "Default"), { recursive: true });
    for (const name of others) await mkdir(join(folder, name));
    await createProfileFolder(undefined);
    expect(existsSync(abandoned)).toBe(false);
    expect(others.filter((name) => !existsSync(join(folder, name)))).toEqual([]);
  });
});
