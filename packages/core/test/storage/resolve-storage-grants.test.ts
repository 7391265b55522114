import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { resolveStorageGrants } from "../../src/storage/resolve-storage-grants.ts";
import { storageHome } from "../../src/storage/storage-home.ts";
import { pocketFault } from "../pocket-fault.ts";

const cwd = resolve("/projects/Agent One");
const home = resolve("/home-of-storage");
const resolveFor = (entries: string[], tool = "notes", origin = "") =>
  resolveStorageGrants(entries, { cwd, home, tool, origin });
const privateFolder = (tool: string, origin?: string, name = "cache") =>
  resolveFor([`private:${name}`], tool, origin)[0]?.folder ?? "";

describe("resolveStorageGrants()", () => {
  it("resolves paths from the project, the home folder and the root", () => {
    expect(resolveFor(["read:./data", "write:~/out", `read:${resolve("/srv/x")} at y`])).toEqual([
      { name: "data", access: "read", folder: join(cwd, "data") },
      { name: "out", access: "write", folder: join(homedir(), "out") },
      { name: "y", access: "read", folder: resolve("/srv/x") },
    ]);
  });

  it("takes the wider access when one folder is granted twice", () => {
    expect(resolveFor(["write:./data", "read:data"])).toEqual([
      { name: "data", access: "write", folder: join(cwd, "data") },
    ]);
  });

  it("throws ERR_POCKET_STORAGE_INVALID when two folders have one name, also in another case", () => {
    expect(pocketFault(() => resolveFor(["read:./data", "read:./other/Data"])).code).toBe("ERR_POCKET_STORAGE_INVALID");
    expect(pocketFault(() => resolveFor(["read:./cache", "private:cache"])).message).toContain('"notes"');
  });

  it("keeps private folders under its home, apart by project, tool, origin and name, on every disk", () => {
    const folders = [
      privateFolder("notes"),
      privateFolder("Notes"),
      privateFolder("notes", "git+https://other.example/notes"),
      privateFolder("notes", "", "Cache"),
      resolveStorageGrants(["private:cache"], { cwd: `${cwd}2`, home, tool: "notes" })[0]?.folder ?? "",
    ];
    expect(new Set(folders.map((folder) => folder.toLowerCase())).size).toBe(folders.length);
    for (const folder of folders) expect(folder.startsWith(home)).toBe(true);
    expect(privateFolder("notes")).toBe(privateFolder("notes"));
    expect(privateFolder("notes")).toMatch(/agent-one-[0-9a-f]{12}[/\\]notes-[0-9a-f]{12}[/\\]cache$/u);
  });
});

describe("storageHome()", () => {
  it("is in POCKET_HOME where that is set, and no cache folder otherwise", () => {
    expect(storageHome({ POCKET_HOME: "/somewhere" })).toBe(resolve("/somewhere/storage"));
    expect(storageHome({})).not.toMatch(/cache/iu);
  });
});
