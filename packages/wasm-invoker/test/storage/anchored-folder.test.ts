import { existsSync, lstatSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { anchorFolder, stampOf, withFolder } from "../../src/storage/anchored-folder.ts";
import { createFolder, removeFolder } from "./granted-folder.ts";

const made: string[] = [];
const folderWith = (content: Record<string, string>): string => {
  const folder = createFolder(content);
  made.push(folder);
  return folder;
};
afterAll(() => made.forEach(removeFolder));

const hasDescriptors = existsSync("/proc/self/fd");
const ways = [["by path", false], ...(hasDescriptors ? ([["by descriptor", true]] as const) : [])] as const;

describe.each(ways)("anchorFolder() %s", (_way, byDescriptor) => {
  it("reads and enters what is in the folder, also through a link that the user named", () => {
    const folder = folderWith({ "sub/deep/a.txt": "alpha" });
    symlinkSync(folder, `${folder}-link`);
    made.push(`${folder}-link`);
    const root = anchorFolder(`${folder}-link`, { byDescriptor });
    expect(readdirSync(root.here)).toEqual(["sub"]);
    expect(withFolder(root, "sub/deep", (deep) => readFileSync(deep.at("a.txt"), "utf8"))).toBe("alpha");
    expect(withFolder(root, "", (same) => lstatSync(same.at("sub")).isDirectory())).toBe(true);
    root.close();
  });

  it("enters no link and no file, on any part of the way", () => {
    const outside = folderWith({ "deep/secret.txt": "secret" });
    const folder = folderWith({ "file.txt": "", "sub/a.txt": "" });
    symlinkSync(outside, join(folder, "link"));
    const root = anchorFolder(folder, { byDescriptor });
    for (const path of ["link", "link/deep", "file.txt", "none"]) {
      expect(() => withFolder(root, path, () => undefined)).toThrow(/ENOTDIR|ELOOP|ENOENT|no folder/u);
    }
    renameSync(join(folder, "sub"), join(folder, "aside"));
    symlinkSync(outside, join(folder, "sub"));
    expect(() => withFolder(root, "sub/deep", () => undefined)).toThrow(/ENOTDIR|ELOOP|no folder/u);
    root.close();
  });

  it.each(["", ".", "..", "a/b", "a\0"])("takes %j for no name", (name) => {
    const root = anchorFolder(folderWith({}), { byDescriptor });
    expect(() => root.at(name)).toThrow(TypeError);
    root.close();
  });
});

describe("stampOf()", () => {
  it("tells a new content, a rename, and a file of the same size in its place", () => {
    const folder = folderWith({ a: "1", b: "2" });
    const at = (name: string): string => join(folder, name);
    const first = stampOf(at("a"));
    renameSync(at("a"), at("c"));
    expect(stampOf(at("c")).moved).toBe(first.moved);
    expect(stampOf(at("c")).full).not.toBe(first.full);
    writeFileSync(at("c"), "9");
    expect(stampOf(at("c")).moved).not.toBe(first.moved);
    expect(stampOf(at("b")).moved).not.toBe(first.moved);
  });
});
