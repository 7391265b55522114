import { chmodSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import type { RunEvent, RunResult, StorageGrant } from "@toolpocket/core";
import type { StorageChange } from "@toolpocket/runtime-templates";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lockPath } from "../../src/storage/folder-journal.ts";
import { openStorageSession } from "../../src/storage/storage-session.ts";
import { contentOf, createFolder, type FolderContent, grant, removeFolder, writeInto } from "./granted-folder.ts";

const made: string[] = [];
let outside = "";
const folderWith = (content: FolderContent): string => {
  const folder = createFolder(content);
  made.push(folder);
  return folder;
};

beforeAll(() => {
  process.env["POCKET_HOME"] = folderWith({});
  outside = folderWith({ "secret.txt": "secret", "inner/secret.txt": "secret" });
});
afterAll(() => {
  delete process.env["POCKET_HOME"];
  made.forEach(removeFolder);
});

const OK: RunResult = {
  kind: "exited",
  exitCode: 0,
  stdout: new Uint8Array(0),
  stderr: new Uint8Array(0),
  coldStart: false,
};
const LIMITS = { maxOutputBytes: 1_000 };

const write = (path: string, size: number, storage = "data"): StorageChange => ({ kind: "write", storage, path, size });
const remove = (path: string): StorageChange => ({ kind: "remove", storage: "data", path });
const makeFolder = (path: string): StorageChange => ({ kind: "make-folder", storage: "data", path });

interface Attempted {
  readonly changes: readonly StorageChange[];
  readonly text?: string;
  readonly result?: RunResult;
  /** Done on the host between the reading of the folder and the end of the run. */
  readonly meanwhile?: () => void;
  readonly limits?: { maxBytes: number; maxEntries: number };
  readonly onEvent?: (event: RunEvent) => void;
  readonly signal?: AbortSignal;
}

async function runIn(grants: readonly StorageGrant[], attempted: Attempted): Promise<RunResult> {
  const { changes, text = "", result = OK, meanwhile, limits, onEvent, signal } = attempted;
  const session = await openStorageSession(grants, limits);
  try {
    meanwhile?.();
    session.receive(changes, Buffer.from(text));
    return await session.finish(result, { limits: LIMITS, ...(onEvent && { onEvent }), ...(signal && { signal }) });
  } finally {
    session.close();
  }
}

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

  it.each([
    ["a folder granted for reading", write("a.txt", 1, "ro")],
    ["a folder that was not granted", write("a.txt", 1, "other")],
    ["a path that climbs", write("../x", 1)],
    ["a path that climbs on the way", write("sub/../../x", 1)],
    ["an absolute path", write("/tmp/x", 1)],
    ["a backslash", write("sub\\x", 1)],
    ["a NUL", write("x\0y", 1)],
    ["a colon", write("x:y", 1)],
    ["an empty path", write("", 1)],
    ["git's folder", write(".git/hooks/pre-commit", 1)],
    ["git's folder in another case", write("sub/.GIT", 1)],
    ["a staging folder", write(".toolpocket-0123/n0", 1)],
    ["a name that is too long", write("x".repeat(300), 1)],
    ["half a character", write("\ud800", 1)],
    ["a missing parent", write("none/x", 1)],
    ["a file as parent", write("a.txt/x", 1)],
    ["a new link", { kind: "link", storage: "data", path: "x" } as const],
    ["what is not there", remove("none")],
    ["a folder that is there", makeFolder("sub")],
  ])("denies a change of %s, all changes with it, and tells", async (_what, change) => {
    const folder = folderWith({ "a.txt": "alpha", sub: null });
    const events: RunEvent[] = [];
    const changes = [write("good.txt", 4), change];
    const text = change.kind === "write" ? "good!" : "good";
    const grants = [grant(folder, "write"), grant(outside, "read", "ro")];
    const result = await runIn(grants, { changes, text, onEvent: (event) => events.push(event) });
    expect(result).toMatchObject({ kind: "failed", code: "permission_denied", denials: [{ kind: "storage" }] });
    expect(events).toMatchObject([{ type: "denial", kind: "storage" }]);
    expect(contentOf(folder)).toEqual({ "a.txt": "alpha", sub: null });
  });

  it.each([
    ["replaces a link", write("leak", 1)],
    ["makes a folder of git's", makeFolder("sub/.git")],
    ["removes a folder with git's", remove("sub")],
  ])("denies a change that %s that the tool was not shown", async (_what, change) => {
    const folder = folderWith({ "sub/.git/HEAD": "ref" });
    symlinkSync(join(outside, "secret.txt"), join(folder, "leak"));
    const before = contentOf(folder);
    const text = change.kind === "write" ? "x" : "";
    const result = await runIn([grant(folder, "write")], { changes: [change], text });
    expect(result).toMatchObject({ kind: "failed", code: "permission_denied" });
    expect(contentOf(folder)).toEqual(before);
  });

  it("holds the quota on the folder as a whole", async () => {
    const folder = folderWith({ "a.txt": "x".repeat(60), "b.txt": "x".repeat(30) });
    const limits = { maxBytes: 100, maxEntries: 3 };
    const run = (changes: StorageChange[], size: number) =>
      runIn([grant(folder, "write")], { changes, text: "y".repeat(size), limits });
    expect(await run([write("c.txt", 11)], 11)).toMatchObject({ kind: "failed", code: "output_too_large" });
    expect(await run([write("c", 1), write("d", 1)], 2)).toMatchObject({ kind: "failed", code: "output_too_large" });
    expect(Object.keys(contentOf(folder))).toEqual(["a.txt", "b.txt"]);
    expect(await run([remove("b.txt"), write("c.txt", 40)], 40)).toEqual(OK);
  });

  it.each([
    ["changed", (folder: string) => writeFileSync(join(folder, "a.txt"), "by hand")],
    ["replaced by one of the same size", (folder: string) => writeInto(folder, { "a.txt": "ALPHA" })],
    ["removed", (folder: string) => rmSync(join(folder, "a.txt"))],
    ["made", (folder: string) => writeInto(folder, { "new.txt": "by hand" })],
    ["put into a folder that goes", (folder: string) => writeInto(folder, { "sub/more": "by hand" })],
  ])("is a conflict that changes nothing when the host has meanwhile %s what it writes", async (_what, meanwhile) => {
    const folder = folderWith({ "a.txt": "alpha", sub: null, "z.txt": "zeta" });
    const changes = [remove("sub"), write("z.txt", 1), write("a.txt", 1), write("new.txt", 1)];
    let after: FolderContent = {};
    const result = await runIn([grant(folder, "write")], {
      changes,
      text: "123",
      meanwhile: () => {
        meanwhile(folder);
        after = contentOf(folder);
      },
    });
    expect(result).toMatchObject({ kind: "failed", code: "execution_failed", retryable: true });
    expect(contentOf(folder)).toEqual(after);
  });

  it.each(["sub", "sub/deep", "sub/deep/a.txt"])(
    "writes through no link when %s is swapped for one",
    async (swapped) => {
      const folder = folderWith({ "sub/deep/a.txt": "alpha" });
      const target = folderWith({ "deep/a.txt": "secret", "a.txt": "secret" });
      const result = await runIn([grant(folder, "write")], {
        changes: [write("sub/deep/a.txt", 4), write("sub/deep/new", 4)],
        text: "evilevil",
        meanwhile: () => {
          renameSync(join(folder, swapped), join(folder, "aside"));
          symlinkSync(swapped.endsWith("a.txt") ? join(target, "a.txt") : target, join(folder, swapped));
        },
      });
      expect(result).toMatchObject({ kind: "failed", retryable: true });
      expect(contentOf(target)).toEqual({ deep: null, "deep/a.txt": "secret", "a.txt": "secret" });
    },
  );

  it("stays in the folder that was opened when the folder itself is swapped for a link", async () => {
    const folder = folderWith({ "in/a.txt": "alpha" });
    const target = folderWith({ "a.txt": "alpha" });
    await runIn([grant(join(folder, "in"), "write")], {
      changes: [write("a.txt", 4), write("new", 4)],
      text: "goodgood",
      meanwhile: () => {
        renameSync(join(folder, "in"), join(folder, "aside"));
        symlinkSync(target, join(folder, "in"));
      },
    });
    expect(contentOf(target)).toEqual({ "a.txt": "alpha" });
  });

  it("changes several folders together or not at all", async () => {
    const [one, two] = [folderWith({ a: "1" }), folderWith({ b: "2" })];
    const grants = [grant(one, "write", "one"), grant(two, "write", "two")];
    const changes = [write("a", 1, "one"), write("b", 1, "two")];
    const meanwhile = (): void => writeFileSync(join(two, "b"), "by hand");
    expect(await runIn(grants, { changes, text: "xy", meanwhile })).toMatchObject({ kind: "failed" });
    expect([contentOf(one), contentOf(two)]).toEqual([{ a: "1" }, { b: "by hand" }]);
    expect(await runIn(grants, { changes, text: "xy" })).toEqual(OK);
    expect([contentOf(one), contentOf(two)]).toEqual([{ a: "x" }, { b: "y" }]);
  });

  it("lets one of many calls win that write the same file, and all that write different ones", async () => {
    const folder = folderWith({ shared: "0" });
    const sessions = await Promise.all(Array.from({ length: 8 }, () => openStorageSession([grant(folder, "write")])));
    const results = await Promise.all(
      sessions.map((session, index) => {
        const changes = index % 2 === 0 ? [write("shared", 1)] : [write(`own-${index}`, 1)];
        session.receive(changes, Buffer.from(String(index)));
        return session.finish(OK, { limits: LIMITS }).finally(() => session.close());
      }),
    );
    expect(results.filter(({ kind }) => kind === "exited")).toHaveLength(5);
    expect(Object.keys(contentOf(folder)).toSorted()).toEqual(["own-1", "own-3", "own-5", "own-7", "shared"]);
  });

  it("rejects with the signal's reason and changes nothing when it has fired", async () => {
    const folder = folderWith({ a: "1" });
    const signal = AbortSignal.abort(new Error("enough"));
    const attempt = runIn([grant(folder, "write")], { changes: [write("a", 1)], text: "x", signal });
    await expect(attempt).rejects.toThrow("enough");
    expect(contentOf(folder)).toEqual({ a: "1" });
  });

  it("tells what the disk refused, and changes nothing, when the journal cannot be written", async () => {
    const folder = folderWith({ "a.txt": "alpha" });
    const home = process.env["POCKET_HOME"];
    process.env["POCKET_HOME"] = join(folder, "a.txt");
    try {
      const result = await runIn([grant(folder, "write")], { changes: [write("a.txt", 1)], text: "x" });
      expect(result).toMatchObject({
        kind: "failed",
        code: "execution_failed",
        message: expect.stringContaining("ENOTDIR"),
      });
    } finally {
      process.env["POCKET_HOME"] = home;
    }
    expect(contentOf(folder)).toEqual({ "a.txt": "alpha" });
  });

  it.each([0, 1, 2, 3, 4, 5, 6])(
    "is rolled back by the next call when the process dies before step %i",
    async (step) => {
      const before = { "a.txt": "alpha", "gone.txt": "g", empty: null, "sub/b.txt": "beta" };
      const folder = folderWith(before);
      const child = fileURLToPath(new URL("die-while-applying.ts", import.meta.url));
      const ended = spawnSync(process.execPath, ["--conditions=toolpocket-source", child, folder, String(step)], {
        env: { ...process.env },
        encoding: "utf8",
      });
      expect(ended.signal, ended.stderr).toBe("SIGKILL");
      // The lock of a dead process counts as held for some seconds.
      utimesSync(`${lockPath(folder)}.lock`, 0, 0);
      const session = await openStorageSession([grant(folder, "read")]);
      session.close();
      expect(contentOf(folder)).toEqual({ ...before, sub: null });
    },
  );

  it("leaves the folder as the guest has it, or as it was, whatever the changes are", async () => {
    const path = fc.array(fc.constantFrom("a", "b", "sub", "..", ".", "", ".git", "x\\y"), {
      minLength: 1,
      maxLength: 3,
    });
    const change = fc.record({
      kind: fc.constantFrom("write", "remove", "make-folder", "link"),
      storage: fc.constantFrom("data", "data", "data", "ro"),
      path: path.map((segments) => segments.join("/")),
      size: fc.constant(1),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 6 }), async (drawn) => {
        const around = createFolder({ "data/a": "1", "data/sub/b": "2", "beside.txt": "3" });
        try {
          const changes = drawn as StorageChange[];
          const text = "y".repeat(changes.filter(({ kind }) => kind === "write").length);
          const before = contentOf(around);
          const grants = [grant(join(around, "data"), "write"), grant(outside, "read", "ro")];
          const result = await runIn(grants, { changes, text });
          const after = contentOf(around);
          expect(result.kind === "failed" ? after : before).toEqual(before);
          expect(after["beside.txt"]).toBe("3");
          expect(
            Object.keys(after).every((name) => name === "beside.txt" || /^data(?:\/(?:a|b|sub))*$/u.test(name)),
          ).toBe(true);
        } finally {
          removeFolder(around);
        }
      }),
      { numRuns: 150 },
    );
  });
});
