/** Granted folders in python tools, in real Chromium. */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createPythonTool } from "../python-tool.ts";
import { contentOf, grant } from "./granted-folder.ts";
import { useStorageRunner } from "./storage-runner.ts";

/** One sandbox for all: the source is in the environment, the folders are bound to the run. */
const runner = createPythonTool("import os\nexec(compile(os.environ['CODE'], 'tool.py', 'exec'))");
const { folderWith, run } = useStorageRunner(runner);

it("run() gives python its folder by open, os, pathlib and shutil, and keeps what it did when it ends well", async () => {
  const folder = folderWith({ "a.txt": "alpha", "sub/b.txt": "beta", "gone/x/y.txt": "y", "name.txt": "n" });
  symlinkSync("sub/b.txt", join(folder, "link"));
  const code = `
import os, pathlib, shutil, time
root = pathlib.Path("/storage/data")
print(sorted(os.listdir(root)), (root / "a.txt").read_text(), (root / "link").read_text(), time.time() - os.stat(root / "a.txt").st_mtime < 3600)
with open(root / "a.txt", "a") as file: file.write(" more")
with open(root / "sub/b.txt", "r+") as file: file.seek(1); file.write("OO")
os.makedirs(root / "x/y"); (root / "x/y/bytes").write_bytes(bytes(range(256)))
shutil.rmtree(root / "gone")
os.rename(root / "name.txt", root / "x/renamed.txt")
shutil.copy(root / "a.txt", root / "copy.txt")
os.remove(root / "link")
os.truncate(root / "copy.txt", 3)
`;
  const result = await run(code, [grant(folder, "write")]);
  expect(result).toMatchObject({ kind: "exited", exitCode: 0, err: "" });
  expect(result.out).toBe("['a.txt', 'gone', 'link', 'name.txt', 'sub'] alpha beta True\n");
  const { "x/y/bytes": bytes, ...text } = contentOf(folder);
  expect(bytes).toHaveLength(256);
  expect(text).toEqual({
    "a.txt": "alpha more",
    "copy.txt": "alp",
    sub: null,
    "sub/b.txt": "bOOa",
    x: null,
    "x/renamed.txt": "n",
    "x/y": null,
  });
});

it("run() keeps a sqlite database between calls", async () => {
  const folder = folderWith({});
  const code = `
import sqlite3
with sqlite3.connect("/storage/data/notes.db") as db:
    db.execute("create table if not exists notes (text)")
    db.execute("insert into notes values ('n')")
print(db.execute("select count(*) from notes").fetchone()[0])
db.close()
`;
  const results = [await run(code, [grant(folder, "write")]), await run(code, [grant(folder, "write")])];
  expect(results.map(({ out }) => out)).toEqual(["1\n", "2\n"]);
});

it("run() lets python change nothing in a folder that is granted for reading", async () => {
  const folder = folderWith({ "a.txt": "alpha", "sub/b.txt": "beta" });
  const code = `
import os, pathlib, shutil
root = pathlib.Path("/storage/data")
print(root.joinpath("sub/b.txt").read_text(), os.access(root / "a.txt", os.W_OK))
for attempt in (
    lambda: open(root / "a.txt", "w"), lambda: open(root / "a.txt", "a"), lambda: open(root / "a.txt", "r+"),
    lambda: open(root / "new", "x"), lambda: os.remove(root / "a.txt"), lambda: os.rmdir(root / "sub"),
    lambda: os.mkdir(root / "d"), lambda: os.rename(root / "a.txt", root / "b"), lambda: os.rename(root, "/tmp/x"),
    lambda: os.symlink("a.txt", root / "l"), lambda: os.chmod(root / "a.txt", 0o777), lambda: os.chmod(root, 0o777),
    lambda: os.truncate(root / "a.txt", 0), lambda: os.utime(root / "a.txt", (0, 0)), lambda: shutil.rmtree(root),
    lambda: shutil.move(root / "a.txt", "/tmp/a"),
):
    try: attempt(); print("changed")
    except OSError: pass
print(sorted(os.listdir(root)), (root / "a.txt").read_text())
`;
  const result = await run(code, [grant(folder, "read")]);
  expect(result).toMatchObject({ err: "", out: "beta False\n['a.txt', 'sub'] alpha\n" });
  expect(contentOf(folder)).toEqual({ "a.txt": "alpha", sub: null, "sub/b.txt": "beta" });
});

it.each([
  ["raises", "raise ValueError()"],
  ["exits with 1", "import sys; sys.exit(1)"],
  ["does not end", "while True: pass"],
  ["prints too much", "print('x' * 2_000_000)"],
])("run() changes nothing when the tool %s", async (_how, ending) => {
  const folder = folderWith({ "a.txt": "alpha" });
  const code = `import os\nos.remove("/storage/data/a.txt"); open("/storage/data/b", "w").write("b")\n${ending}`;
  const result = await run(code, [grant(folder, "write")], { timeoutMs: 2_000 });
  expect(result.kind === "failed" || result.exitCode === 1).toBe(true);
  expect(contentOf(folder)).toEqual({ "a.txt": "alpha" });
});

it("run() keeps what was written when the tool ends by os._exit(0)", async () => {
  const folder = folderWith({});
  await run("import os\nopen('/storage/data/b', 'w').write('b')\nos._exit(0)", [grant(folder, "write")]);
  expect(contentOf(folder)).toHaveProperty("b");
});

it("run() denies a new link, and tells which", async () => {
  const folder = folderWith({});
  const result = await run("import os\nos.symlink('/etc/passwd', '/storage/data/l')", [grant(folder, "write")]);
  expect(result).toMatchObject({ kind: "failed", code: "permission_denied", message: expect.stringContaining("/l") });
  expect(contentOf(folder)).toEqual({});
});

it("run() is output_too_large when the tool leaves more than its folder may hold", async () => {
  const folder = folderWith({});
  const code = "open('/storage/data/big', 'wb').write(bytes(68_000_000))";
  expect(await run(code, [grant(folder, "write")])).toMatchObject({ kind: "failed", code: "output_too_large" });
  expect(contentOf(folder)).toEqual({});
});

it("run() lets concurrent calls keep different files, and tells a call that comes too late to try again", async () => {
  const folder = folderWith({ shared: "0" });
  const results = await Promise.all(
    ["a", "b", "c", "d"].map((name) =>
      run(`open("/storage/data/${name}", "w").write("${name}")`, [grant(folder, "write")]),
    ),
  );
  expect(results.map(({ kind }) => kind)).toEqual(["exited", "exited", "exited", "exited"]);
  expect(Object.keys(contentOf(folder)).toSorted()).toEqual(["a", "b", "c", "d", "shared"]);
  const slow = "import time\ntime.sleep(0.5)\nopen('/storage/data/shared', 'w').write('slow')";
  const late = run(slow, [grant(folder, "write")]);
  await run("open('/storage/data/shared', 'w').write('quick')", [grant(folder, "write")]);
  const ended = await late;
  expect(ended.kind === "exited" || ended.retryable).toBe(true);
  expect(contentOf(folder)["shared"]).toBe(ended.kind === "exited" ? "slow" : "quick");
});

it("run() has no /storage when nothing was granted", async () => {
  expect(await run("import os\nprint(os.path.exists('/storage'))", [])).toMatchObject({ out: "False\n" });
});
