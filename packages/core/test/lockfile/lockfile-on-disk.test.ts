import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatLockfile } from "../../src/lockfile/format-lockfile.ts";
import { holdLock } from "../../src/lockfile/hold-lock.ts";
import { EMPTY_LOCKFILE, type LocalLockEntry, type Lockfile } from "../../src/lockfile/lock-entry.ts";
import { readLockfile, updateLockfile } from "../../src/lockfile/lockfile-on-disk.ts";
import { parseLockfile } from "../../src/lockfile/parse-lockfile.ts";

const CHILD = join(import.meta.dirname, "update-in-child.ts");

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockfile-"));
  path = join(folder, "pocket.lock");
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function entry(name: string): LocalLockEntry {
  return { name, source: "local", path: `tools/${name}`, permissions: {} };
}

function add(...names: string[]): (current: Lockfile) => Lockfile {
  return (current) => ({ ...current, tools: [...current.tools, ...names.map(entry)] });
}

function startChild(prefix: string, count: number, options: { uid?: number } = {}): ChildProcess {
  const args = ["--conditions=toolpocket-source", CHILD, path, prefix, String(count)];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
}

describe("updateLockfile()", () => {
  it("writes the formatted lock, and leaves no other file behind", async () => {
    await updateLockfile(path, add("b", "a"));
    const text = await readFile(path, "utf8");
    expect(text).toBe(formatLockfile({ ...EMPTY_LOCKFILE, tools: [entry("a"), entry("b")] }));
    expect(await readdir(folder)).toEqual(["pocket.lock"]);
  });

  it("does not touch the file when the content stays the same", async () => {
    await updateLockfile(path, add("a"));
    const before = await lstat(path, { bigint: true });
    await updateLockfile(path, (current) => current);
    const after = await lstat(path, { bigint: true });
    expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
  });

  it("writes the head alone when the lock is empty", async () => {
    await updateLockfile(path, (current) => current);
    expect(parseLockfile(await readFile(path, "utf8"))).toEqual(EMPTY_LOCKFILE);
  });

  it("keeps the mode of the file that it replaces", async () => {
    await writeFile(path, "");
    await chmod(path, 0o640);
    await updateLockfile(path, add("a"));
    expect((await lstat(path)).mode & 0o777).toBe(0o640);
  });

  it("loses nothing when calls in one process overlap", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `tool-${index}`);
    await Promise.all(names.map((name) => updateLockfile(path, add(name))));
    expect((await readLockfile(path)).tools.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  });

  it("loses nothing when several processes write at once", { timeout: 60_000 }, async () => {
    const children = ["a", "b", "c"].map((prefix) => startChild(prefix, 15));
    const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0]));
    expect(codes).toEqual([0, 0, 0]);
    expect((await readLockfile(path)).tools).toHaveLength(45);
  });

  it("leaves the old file or the new one when the process is killed at any moment", { timeout: 120_000 }, async () => {
    await updateLockfile(path, add("kept"));
    for (let round = 0; round < 12; round += 1) {
      const child = startChild(`round-${round}`, 0);
      await once(child.stdout ?? child, "data");
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
      child.kill("SIGKILL");
      await once(child, "exit");
      const { tools } = parseLockfile(await readFile(path, "utf8"));
      expect(tools.map(({ name }) => name)).toContain("kept");
      await rm(`${path}.lock`, { recursive: true, force: true });
    }
    await updateLockfile(path, add("last"));
    expect((await readLockfile(path)).tools.map(({ name }) => name)).toContain("last");
  });

  it("takes over the lock, and sweeps the temporary file, of a process that died", async () => {
    const old = new Date(Date.now() - 120_000);
    await mkdir(`${path}.lock`);
    await utimes(`${path}.lock`, old, old);
    const leftover = join(folder, ".pocket.lock.tmp-0011");
    await writeFile(leftover, "half");
    await utimes(leftover, old, old);
    await updateLockfile(path, add("a"));
    expect(await readdir(folder)).toEqual(["pocket.lock"]);
  });

  it("leaves the file as it is, and lets the lock go, when the change throws", async () => {
    await updateLockfile(path, add("a"));
    const before = await readFile(path, "utf8");
    await expect(
      updateLockfile(path, () => {
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    expect(await readFile(path, "utf8")).toBe(before);
    expect(await readdir(folder)).toEqual(["pocket.lock"]);
  });

  it("throws ERR_POCKET_LOCK_INVALID and keeps the file when it is corrupt", async () => {
    await writeFile(path, "version = 1\n[[tool]]\n");
    await expect(updateLockfile(path, add("a"))).rejects.toMatchObject({ code: "ERR_POCKET_LOCK_INVALID" });
    expect(await readFile(path, "utf8")).toBe("version = 1\n[[tool]]\n");
  });

  it("throws ERR_POCKET_LOCK_WRITE when the file is a symbolic link", async () => {
    await writeFile(join(folder, "real"), "");
    await symlink("real", path);
    await expect(updateLockfile(path, add("a"))).rejects.toMatchObject({ code: "ERR_POCKET_LOCK_WRITE" });
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, "real"), "utf8")).toBe("");
  });

  it("throws ERR_POCKET_LOCK_WRITE at once, with a hint, when the folder does not exist", async () => {
    await expect(updateLockfile(join(folder, "no", "pocket.lock"), add("a"))).rejects.toMatchObject({
      code: "ERR_POCKET_LOCK_WRITE",
      hint: "create the folder first",
    });
  });

  it("throws ERR_POCKET_LOCK_WRITE and keeps the old file when the folder is read-only", async () => {
    await updateLockfile(path, add("a"));
    const before = await readFile(path, "utf8");
    await chmod(folder, 0o555);
    try {
      const child = startChild("b", 1, process.getuid?.() === 0 ? { uid: 65_534 } : {});
      const stderr: Buffer[] = [];
      child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
      const [code] = await once(child, "exit");
      expect(code).not.toBe(0);
      expect(Buffer.concat(stderr).toString()).toContain("ERR_POCKET_LOCK_WRITE");
    } finally {
      await chmod(folder, 0o755);
    }
    expect(await readFile(path, "utf8")).toBe(before);
    expect(await readdir(folder)).toEqual(["pocket.lock"]);
  });
});

describe("updateLockfile() on a full disk", () => {
  it("throws ERR_POCKET_LOCK_WRITE, keeps the old file, and leaves no other behind", async ({ skip }) => {
    // A disk of 16 KB in a mount namespace of its own: the script writes once, fills it, and writes again.
    const script = `
      mount -t tmpfs -o size=16k none "$1" || exit 77
      write() { "$2" --conditions=toolpocket-source "$3" "$1/pocket.lock" "$4" 1; }
      write "$1" "$2" "$3" before >/dev/null || exit 76
      cp "$1/pocket.lock" "$1/../kept"
      dd if=/dev/zero of="$1/fill" bs=1k 2>/dev/null
      write "$1" "$2" "$3" after >/dev/null && exit 75
      cmp "$1/pocket.lock" "$1/../kept" && ls -A "$1"
    `;
    const disk = join(folder, "disk");
    await mkdir(disk);
    const unshare = ["--map-root-user", "--mount", "sh", "-c", script, "sh", disk, process.execPath, CHILD];
    const { status, stdout, stderr } = spawnSync("unshare", unshare, { encoding: "utf8" });
    skip(status === null || status === 1 || status === 77, "needs unshare and the right to mount a small disk");
    expect(stderr).toContain("ERR_POCKET_LOCK_WRITE");
    expect(stderr).toContain("free space on the disk");
    expect({ status, names: stdout.split("\n").filter((name) => name !== "") }).toEqual({
      status: 0,
      names: ["fill", "pocket.lock"],
    });
  });
});

describe("holdLock()", () => {
  it("throws ERR_POCKET_LOCK_BUSY with the folder to remove when another holds the lock for too long", async () => {
    await mkdir(`${path}.lock`);
    await expect(holdLock(path, async () => 1, { waitMs: 100 })).rejects.toMatchObject({
      code: "ERR_POCKET_LOCK_BUSY",
      hint: expect.stringContaining(`${path}.lock`),
    });
  });

  it("tells the work that the lock was lost when it was taken away meanwhile", async () => {
    await expect(
      holdLock(path, async (held) => {
        await rm(`${path}.lock`, { recursive: true });
        await new Promise((resolve) => setTimeout(resolve, 2_500));
        held.assertHeld();
      }),
    ).rejects.toMatchObject({ code: "ERR_POCKET_LOCK_BUSY" });
  });
});

describe("readLockfile()", () => {
  it("gives an empty lock when there is no file", async () => {
    expect(await readLockfile(path)).toEqual(EMPTY_LOCKFILE);
  });

  it("throws ERR_POCKET_LOCK_INVALID when the file is no text, or no file", async () => {
    await writeFile(path, Uint8Array.of(0xff, 0xfe, 0x00));
    await expect(readLockfile(path)).rejects.toMatchObject({ code: "ERR_POCKET_LOCK_INVALID" });
    await rm(path);
    await mkdir(path);
    await expect(readLockfile(path)).rejects.toMatchObject({ code: "ERR_POCKET_LOCK_INVALID" });
  });
});
