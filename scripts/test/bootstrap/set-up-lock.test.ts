import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runQuietly } from "../../bootstrap/child-process.mjs";
import { withSetUpLock } from "../../bootstrap/set-up-lock.mjs";

let folder: string;
let lock: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "set-up-lock-"));
  lock = join(folder, "set-up.lock");
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test("withSetUpLock() gives what the work gives, and lets go when it is done", async () => {
  expect(await withSetUpLock(async () => readFile(lock, "utf8"), lock)).toBe(String(process.pid));
  expect(existsSync(lock)).toBe(false);
});

test("withSetUpLock() lets go when the work fails", async () => {
  await expect(withSetUpLock(() => Promise.reject(new Error("no")), lock)).rejects.toThrow("no");
  expect(existsSync(lock)).toBe(false);
});

test("withSetUpLock() waits when another process works", async () => {
  const events: string[] = [];
  const first = withSetUpLock(async () => {
    await sleep(300);
    events.push("first ends");
  }, lock);
  const second = withSetUpLock(async () => events.push("second starts"), lock);
  await Promise.all([first, second]);
  expect(events).toEqual(["first ends", "second starts"]);
});

test("withSetUpLock() takes over when the owner has died", async () => {
  const { output } = await runQuietly("node", ["--print", "process.pid"]);
  await writeFile(lock, output.trim());
  expect(await withSetUpLock(async () => "done", lock)).toBe("done");
});

test("withSetUpLock() takes over when the lock is older than any set-up takes", async () => {
  await writeFile(lock, String(process.ppid));
  const longAgo = new Date(Date.now() - 3_600_000);
  await utimes(lock, longAgo, longAgo);
  expect(await withSetUpLock(async () => "done", lock)).toBe("done");
});
