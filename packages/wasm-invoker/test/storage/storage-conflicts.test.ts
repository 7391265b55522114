/** Folders that change on the host while a tool runs. */
import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStorageSession } from "../../src/storage/storage-session.ts";
import { contentOf, type FolderContent, grant, useFolders, writeInto } from "./granted-folder.ts";
import { LIMITS, OK, remove, runIn, write } from "./storage-attempts.ts";

const folderWith = useFolders();

describe("finish()", () => {
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
});
