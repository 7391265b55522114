/** The user's folder and the session's, kept alike; and what must never reach the user's. */
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionOutcome } from "@toolpocket/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { WorkspaceOptions } from "../../src/index.ts";
import { createWorkspace } from "../../src/workspace/workspace.ts";
import { createFakeSession, type FakeSession, okOutcome } from "../fake-session.ts";

let folder: string;
let session: FakeSession;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pocket-workspace-"));
  session = createFakeSession();
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const onHost = (path: string): Promise<string> => readFile(join(folder, path), "utf8");

async function fill(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function openWorkspace(options: Partial<WorkspaceOptions> = {}) {
  const workspace = createWorkspace({ folder, access: "write", ...options });
  await workspace.copyIn(session);
  return workspace;
}

/** As code would: changes files of the session, and tells of it. */
function change(files: Readonly<Record<string, string>>): SessionOutcome {
  for (const [path, text] of Object.entries(files)) session.files.set(path, bytes(text));
  return okOutcome({ files: Object.entries(files).map(([path, text]) => ({ path, size: text.length })) });
}

test("copyIn() copies files, but not what is hidden, linked or installed", async () => {
  await fill({
    "a.txt": "a",
    "sub/b.txt": "b",
    ".env": "SECRET",
    ".git/config": "",
    "node_modules/x.js": "",
    "__pycache__/a.pyc": "",
  });
  await symlink("/etc/passwd", join(folder, "link.txt"));
  await symlink("/etc", join(folder, "linked"));
  await openWorkspace();
  expect([...session.files.keys()]).toEqual(["a.txt", "sub/b.txt"]);
});

test("copyIn() keeps to the list, which may name what is hidden", async () => {
  await fill({ "data/a.csv": "a", "data/.keep": "", "other/b.csv": "b", "main.py": "" });
  await openWorkspace({ include: ["./data/", "main.py"] });
  expect([...session.files.keys()].toSorted()).toEqual(["data/.keep", "data/a.csv", "main.py"]);
});

test.each(["../up", "/etc", "", "a/../../b", ".git"])("createWorkspace() refuses %j in its list", (entry) => {
  expect(() => createWorkspace({ folder, include: [entry] })).toThrow(TypeError);
});

test("copyIn() sends only what changed, and takes away what is gone", async () => {
  await fill({ "a.txt": "a", "b.txt": "b" });
  const workspace = await openWorkspace();
  session.files.set("a.txt", bytes("not sent again"));
  await rm(join(folder, "b.txt"));
  await fill({ "c.txt": "c" });
  await workspace.copyIn(session);
  expect(new TextDecoder().decode(session.files.get("a.txt"))).toBe("not sent again");
  expect([...session.files.keys()]).toEqual(["a.txt", "c.txt"]);
});

test("copyOut() writes what code made and changed, and removes what it removed", async () => {
  await fill({ "a.txt": "a", "b.txt": "b" });
  const workspace = await openWorkspace();
  workspace.note(change({ "a.txt": "A", "new/c.txt": "c" }));
  session.files.delete("b.txt");
  expect(await workspace.copyOut(session)).toEqual({
    written: ["a.txt", "new/c.txt"],
    removed: ["b.txt"],
    skipped: [],
  });
  expect([await onHost("a.txt"), await onHost("new/c.txt")]).toEqual(["A", "c"]);
  expect((await readdir(folder)).toSorted()).toEqual(["a.txt", "new"]);
  expect(await workspace.copyOut(session)).toEqual({ written: [], removed: [], skipped: [] });
});

test("copyOut() changes nothing with read access", async () => {
  await fill({ "a.txt": "a" });
  const workspace = await openWorkspace({ access: "read" });
  workspace.note(change({ "a.txt": "A" }));
  expect(await workspace.copyOut(session)).toMatchObject({ written: [], skipped: [{ path: "a.txt" }] });
  expect(await onHost("a.txt")).toBe("a");
});

test("copyOut() leaves alone what somebody else changed meanwhile, or put there", async () => {
  await fill({ "a.txt": "a" });
  const workspace = await openWorkspace();
  workspace.note(change({ "a.txt": "code's", "b.txt": "code's" }));
  await fill({ "a.txt": "user's", "b.txt": "user's" });
  const { written, skipped } = await workspace.copyOut(session);
  expect(written).toEqual([]);
  expect(skipped.map(({ path }) => path)).toEqual(["a.txt", "b.txt"]);
  expect([await onHost("a.txt"), await onHost("b.txt")]).toEqual(["user's", "user's"]);
});

test("copyOut() writes no path that leaves the folder, is hidden, or goes through a link", async () => {
  const outside = await mkdtemp(join(tmpdir(), "pocket-outside-"));
  try {
    await symlink(outside, join(folder, "sub"));
    const workspace = await openWorkspace();
    const hostile = [
      "../evil.txt",
      "/tmp/evil.txt",
      "a/../../evil.txt",
      ".git/hooks/pre-commit",
      ".env",
      "sub/evil.txt",
      "a\\b",
      "x\u0000y",
    ];
    workspace.note(change(Object.fromEntries(hostile.map((path) => [path, "evil"]))));
    expect(await workspace.copyOut(session)).toEqual({
      written: [],
      removed: [],
      skipped: [{ path: "sub/evil.txt", reason: "there is a link on its way" }],
    });
    expect(await readdir(outside)).toEqual([]);
    expect(await readdir(folder)).toEqual(["sub"]);
  } finally {
    await rm(outside, { recursive: true });
  }
});

test("copyOut() writes no more than the limits", async () => {
  const workspace = await openWorkspace({ maxFiles: 1, maxBytes: 100 });
  workspace.note(change({ "a.txt": "a", "b.txt": "b" }));
  expect(await workspace.copyOut(session)).toMatchObject({ written: ["a.txt"], skipped: [{ path: "b.txt" }] });
});

test("copyOut() removes nothing when the session was restored and lost its files", async () => {
  await fill({ "a.txt": "a" });
  const workspace = await openWorkspace();
  session.files.clear();
  workspace.note(okOutcome({ restored: true }));
  expect(await workspace.copyOut(session)).toEqual({ written: [], removed: [], skipped: [] });
  await workspace.copyIn(session);
  expect([...session.files.keys()]).toEqual(["a.txt"]);
});

test("copyOut() writes what code changed in a session that was restored before the run", async () => {
  await fill({ "a.txt": "a", "b.txt": "b" });
  const workspace = await openWorkspace();
  session.files.clear();
  await workspace.copyIn(session);
  expect([...session.files.keys()]).toEqual(["a.txt", "b.txt"]);
  const outcome = change({ "a.txt": "A" });
  session.files.delete("b.txt");
  workspace.note({ ...outcome, restored: true });
  expect(await workspace.copyOut(session)).toEqual({ written: ["a.txt"], removed: [], skipped: [] });
  expect(await onHost("b.txt")).toBe("b");
});

test("copyIn() refuses a folder that is none, and one that is too large", async () => {
  await fill({ "a.txt": "aaaa" });
  await expect(createWorkspace({ folder: join(folder, "none") }).copyIn(session)).rejects.toMatchObject({
    code: "ERR_POCKET_STORAGE_FOLDER",
  });
  for (const limit of [{ maxBytes: 3 }, { maxFiles: 0 }]) {
    await expect(createWorkspace({ folder, ...limit }).copyIn(session)).rejects.toMatchObject({
      code: "ERR_POCKET_STORAGE_FOLDER",
      hint: expect.stringContaining("include"),
    });
  }
});
