/** Changes of granted folders that are refused, whatever the guest says. */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import type { RunEvent } from "@toolpocket/core";
import type { StorageChange } from "@toolpocket/runtime-templates";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { contentOf, createFolder, grant, removeFolder, useFolders } from "./granted-folder.ts";
import { makeFolder, OK, remove, runIn, write } from "./storage-attempts.ts";

const folderWith = useFolders();
let outside = "";
beforeAll(() => {
  outside = folderWith({ "secret.txt": "secret", "inner/secret.txt": "secret" });
});

describe("finish()", () => {
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
