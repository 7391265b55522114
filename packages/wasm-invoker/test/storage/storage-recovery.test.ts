/** Changes of granted folders that break off in the middle. */
import { spawnSync } from "node:child_process";
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { lockPath } from "../../src/storage/folder-journal.ts";
import { openStorageSession } from "../../src/storage/storage-session.ts";
import { contentOf, grant, useFolders } from "./granted-folder.ts";
import { runIn, write } from "./storage-attempts.ts";

const folderWith = useFolders();

describe("finish()", () => {
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
});
