/** What a storage session shows of granted folders, and the changes that it makes. */
import { spawnSync } from "node:child_process";
import { chmodSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { RunResult, StorageGrant } from "@toolpocket/core";
import { beforeAll, describe, expect, it } from "vitest";
import { openStorageSession } from "../../src/storage/storage-session.ts";
import { contentOf, grant, useFolders } from "./granted-folder.ts";
import { LIMITS, makeFolder, OK, remove, runIn, write } from "./storage-attempts.ts";

const folderWith = useFolders();
let outside = "";
beforeAll(() => {
  outside = folderWith({ "secret.txt": "secret", "inner/secret.txt": "secret" });
});

describe("openStorageSession()", () => {
  it("shows files, folders and links that stay inside; nothing that leads out, no git, no pipe", async () => {
    const folder = folderWith({ "a.txt": "alpha", "sub/b.txt": "beta", ".git/config": "token", empty: null });
    symlinkSync("sub/b.txt", join(folder, "inner"));
    symlinkSync(join(folder, "sub"), join(folder, "absolute"));
    symlinkSync("../a.txt", join(folder, "sub/up"));
    symlinkSync(join(outside, "secret.txt"), join(folder, "leak"));
    symlinkSync("../../etc/passwd", join(folder, "sub/passwd"));
    symlinkSync(outside, join(folder, "leak-folder"));
    symlinkSync("leak-folder/secret.txt", join(folder, "by-way"));
    symlinkSync("circle", join(folder, "circle"));
    symlinkSync("nowhere", join(folder, "nowhere-link"));
    spawnSync("mkfifo", [join(folder, "pipe")]);
    const session = await openStorageSession([grant(folder, "read")]);
    session.close();
    const shown = session.images[0]?.entries.map((entry) =>
      entry.kind === "link" ? `${entry.path} -> ${entry.target}` : entry.path,
    );
    expect(shown?.toSorted()).toEqual(
      ["a.txt", "absolute -> sub", "empty", "inner -> sub/b.txt", "sub", "sub/b.txt", "sub/up -> ../a.txt"].toSorted(),
    );
    expect(Buffer.from(session.contents[0] ?? []).toString()).not.toContain("secret");
  });

  it("throws ERR_POCKET_STORAGE_FOLDER when a folder that is read is missing, no folder, or too large", async () => {
    const folder = folderWith({ "a.txt": "x".repeat(100), "b.txt": "" });
    const open = (grants: StorageGrant[], limits = { maxBytes: 1_000, maxEntries: 10 }) =>
      openStorageSession(grants, limits).then(
        () => "opened",
        (error: { code: string }) => error.code,
      );
    expect(await open([grant(join(folder, "none"), "read")])).toBe("ERR_POCKET_STORAGE_FOLDER");
    expect(await open([grant(join(folder, "a.txt"), "read")])).toBe("ERR_POCKET_STORAGE_FOLDER");
    expect(await open([grant(folder, "read")], { maxBytes: 99, maxEntries: 10 })).toBe("ERR_POCKET_STORAGE_FOLDER");
    expect(await open([grant(folder, "read")], { maxBytes: 1_000, maxEntries: 1 })).toBe("ERR_POCKET_STORAGE_FOLDER");
  });

  it("makes a missing folder that may be written, a private one for its owner only", async () => {
    const folder = folderWith({});
    const out = grant(join(folder, "a/out"), "write", "out");
    const own = { ...grant(join(folder, "own/cache"), "write", "cache"), isPrivate: true };
    (await openStorageSession([out, own])).close();
    expect(contentOf(folder)).toMatchObject({ "a/out": null, "own/cache": null });
    expect(statSync(own.folder).mode & 0o777).toBe(0o700);
  });
});

describe("finish()", () => {
  it("creates, changes and removes files and folders, keeps the rights of what it replaces, and leaves nothing behind", async () => {
    const folder = folderWith({ "a.txt": "alpha", "old/b.txt": "beta", "run.sh": "old" });
    chmodSync(join(folder, "run.sh"), 0o750);
    const changes = [
      remove("old/b.txt"),
      remove("old"),
      makeFolder("new"),
      write("new/c.txt", 5),
      write("a.txt", 3),
      write("run.sh", 3),
    ];
    expect(await runIn([grant(folder, "write")], { changes, text: "gammaABCnew" })).toEqual(OK);
    expect(contentOf(folder)).toEqual({ "a.txt": "ABC", new: null, "new/c.txt": "gamma", "run.sh": "new" });
    expect(statSync(join(folder, "run.sh")).mode & 0o777).toBe(0o750);
    expect(statSync(join(folder, "new/c.txt")).mode & 0o111).toBe(0);
  });

  it("turns a file into a folder and a folder into a file", async () => {
    const folder = folderWith({ a: "file", "b/c": "inner" });
    const changes = [remove("b/c"), remove("b"), remove("a"), makeFolder("a"), write("a/x", 1), write("b", 1)];
    expect((await runIn([grant(folder, "write")], { changes, text: "12" })).kind).toBe("exited");
    expect(contentOf(folder)).toEqual({ a: null, "a/x": "1", b: "2" });
  });

  it.each([
    ["failed", { ...OK, kind: "failed", code: "timeout", message: "late" } as RunResult],
    ["exited with 3", { ...OK, exitCode: 3 } as RunResult],
    ["printed too much", { ...OK, stdout: new Uint8Array(1_001) } as RunResult],
    ["returned no JSON", { ...OK, value: "{" } as RunResult],
  ])("changes nothing when the run %s", async (_how, result) => {
    const folder = folderWith({ "a.txt": "alpha" });
    expect(await runIn([grant(folder, "write")], { changes: [write("a.txt", 1)], text: "x", result })).toBe(result);
    expect(contentOf(folder)).toEqual({ "a.txt": "alpha" });
  });

  it("takes the first word on what was changed, and no second", async () => {
    const folder = folderWith({});
    const session = await openStorageSession([grant(folder, "write")]);
    session.receive([write("first", 1)], Buffer.from("1"));
    session.receive([write("second", 1)], Buffer.from("2"));
    await session.finish(OK, { limits: LIMITS });
    session.close();
    expect(contentOf(folder)).toEqual({ first: "1" });
  });

  it("rejects with the signal's reason and changes nothing when it has fired", async () => {
    const folder = folderWith({ a: "1" });
    const signal = AbortSignal.abort(new Error("enough"));
    const attempt = runIn([grant(folder, "write")], { changes: [write("a", 1)], text: "x", signal });
    await expect(attempt).rejects.toThrow("enough");
    expect(contentOf(folder)).toEqual({ a: "1" });
  });
});
