import { execFileSync, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestTree } from "../../src/store/digest-tree.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { storeHome } from "../../src/store/store-home.ts";

const FILES = new Map([
  ["config.toml", Buffer.from('name = "a"\n')],
  ["src/lib/deep.py", Buffer.from([0, 255, 10, 13])],
  ["README.md", Buffer.alloc(0)],
]);

const contents = (files: ReadonlyMap<string, Uint8Array> | null) =>
  files && Object.fromEntries([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString("hex")]));

let home: string;
let store: Store;

beforeEach(async () => {
  home = join(await mkdtemp(join(tmpdir(), "store-")), "pocket");
  store = openStore({ home });
});
afterEach(async () => rm(join(home, ".."), { recursive: true, force: true }));

describe("openStore()", () => {
  test("touches nothing when nothing is written, and makes its folder private when something is", async () => {
    expect(await store.readTree(digestTree(FILES))).toBeNull();
    await expect(stat(home)).rejects.toThrow(/ENOENT/u);
    await store.writeTree(FILES);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
  });

  test("takes POCKET_HOME, else the user's cache folder, when no home is given", () => {
    expect(storeHome({ POCKET_HOME: "/srv/pocket" })).toBe("/srv/pocket");
    expect(storeHome({ POCKET_HOME: "" })).toMatch(/[\\/]pocket(?:[\\/]Cache)?$/u);
  });
});

describe("store.writeTree() and readTree()", () => {
  test("give back every byte when the tree is sound", async () => {
    const integrity = await store.writeTree(FILES);
    expect(integrity).toBe(digestTree(FILES));
    expect(contents(await store.readTree(integrity))).toEqual(contents(FILES));
    expect(await readdir(join(home, "tmp"))).toEqual([]);
  });

  test("keep an empty tree and a tree with thousands of files", async () => {
    const empty = await store.writeTree(new Map());
    expect(await store.readTree(empty)).toEqual(new Map());
    const many = new Map(Array.from({ length: 2_000 }, (_, i) => [`d${i % 50}/f${i}`, Buffer.from(String(i))]));
    expect(contents(await store.readTree(await store.writeTree(many)))).toEqual(contents(many));
  });

  test("write files that cannot be edited by accident", async () => {
    const file = join(store.treePath(await store.writeTree(FILES)), "config.toml");
    expect((await stat(file)).mode & 0o777).toBe(0o444);
  });

  test("keep one tree when many write the same at once", async () => {
    const written = await Promise.all(Array.from({ length: 20 }, async () => openStore({ home }).writeTree(FILES)));
    expect(new Set(written).size).toBe(1);
    expect(await readdir(join(home, "trees"))).toEqual([written[0]]);
    expect(await readdir(join(home, "tmp"))).toEqual([]);
  });

  test("throw ERR_POCKET_TREE_REFUSED and write nothing outside when a path leaves the tree", async () => {
    await expect(store.writeTree(new Map([["../escaped", Buffer.from("x")]]))).rejects.toMatchObject({
      code: "ERR_POCKET_TREE_REFUSED",
    });
    expect(await readdir(join(home, "..")).catch(() => [])).toEqual([]);
  });

  test("throw TypeError when the integrity has not the form of one", async () => {
    await expect(store.readTree("sha256-../../etc")).rejects.toThrow(TypeError);
    expect(() => store.treePath("../x")).toThrow(TypeError);
  });
});

describe("store.readTree() throws ERR_POCKET_INTEGRITY when", () => {
  const tamperings: Record<string, (folder: string) => Promise<unknown>> = {
    "a byte was changed": async (folder) => {
      await chmod(join(folder, "config.toml"), 0o644);
      await writeFile(join(folder, "config.toml"), 'name = "b"\n');
    },
    "a file was added": async (folder) => writeFile(join(folder, "sitecustomize.py"), ""),
    "a file was removed": async (folder) => rm(join(folder, "README.md")),
    "a file was moved": async (folder) => {
      await writeFile(join(folder, "src/config.toml"), await readFile(join(folder, "config.toml")));
      await rm(join(folder, "config.toml"));
    },
    "a file became a link": async (folder) => {
      await rm(join(folder, "README.md"));
      await symlink("/dev/null", join(folder, "README.md"));
    },
    "all was removed but the folder": async (folder) => {
      await rm(folder, { recursive: true });
      await mkdir(folder);
    },
  };
  test.each(Object.entries(tamperings))("%s", async (_case, tamper) => {
    const integrity = await store.writeTree(FILES);
    await tamper(store.treePath(integrity));
    await expect(store.readTree(integrity)).rejects.toMatchObject({
      code: "ERR_POCKET_INTEGRITY",
      hint: expect.stringContaining("pocket lock sync"),
    });
    // Writing it again mends it.
    await store.writeTree(FILES);
    expect(contents(await store.readTree(integrity))).toEqual(contents(FILES));
  });
});

test("store.removeTree() leaves nothing when the tree is there, and does nothing when it is not", async () => {
  const integrity = await store.writeTree(FILES);
  await store.removeTree(integrity);
  await store.removeTree(integrity);
  expect(await store.readTree(integrity)).toBeNull();
  expect(await readdir(join(home, "tmp"))).toEqual([]);
});

describe("store.sweepBlobs()", () => {
  test("sweepBlobs() removes only what begins so and was not of use for so long", async () => {
    const bytes = new Uint8Array([1]);
    for (const key of ["snapshot-old", "snapshot-read", "snapshot-new", "index-old"]) await store.writeBlob(key, bytes);
    const past = new Date(Date.now() - 10_000);
    for (const key of ["snapshot-old", "snapshot-read", "index-old"])
      await utimes(join(store.home, "blobs", key), past, past);
    await store.readBlob("snapshot-read");
    await store.sweepBlobs("snapshot-", 5_000);
    const kept = await Promise.all(
      ["snapshot-old", "snapshot-read", "snapshot-new", "index-old"].map((key) => store.readBlob(key)),
    );
    expect(kept).toEqual([null, bytes, bytes, bytes].map((content) => content && Buffer.from(content)));
  });
});

describe("store.writeBlob() and readBlob()", () => {
  test("give back the bytes, aligned, when they were written, and the newer ones when written again", async () => {
    expect(await store.readBlob("snapshot")).toBeNull();
    await store.writeBlob("snapshot", Buffer.alloc(100_000, 7));
    await store.writeBlob("snapshot", Buffer.alloc(90_000, 8));
    const bytes = await store.readBlob("snapshot");
    expect(bytes?.length).toBe(90_000);
    expect(bytes?.every((byte) => byte === 8)).toBe(true);
    expect((bytes?.byteOffset ?? 1) % 8).toBe(0);
  });

  test("forget the blob when it was cut or changed", async () => {
    for (const damage of [Buffer.alloc(10), Buffer.alloc(40)]) {
      await store.writeBlob("index", Buffer.from("content"));
      const file = join(home, "blobs", "index");
      await chmod(file, 0o644);
      await writeFile(file, damage);
      expect(await store.readBlob("index")).toBeNull();
      await expect(stat(file)).rejects.toThrow(/ENOENT/u);
    }
  });

  test("refuse keys that are no file names", async () => {
    for (const key of ["../x", "", "A", "a/b", ".x"]) await expect(store.readBlob(key)).rejects.toThrow(TypeError);
  });
});

describe("store.withScratch()", () => {
  test("removes its folder when the work is done, and when it fails", async () => {
    expect(await store.withScratch(async (folder) => (await stat(folder)).mode & 0o777)).toBe(0o700);
    await expect(store.withScratch(async () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await readdir(join(home, "tmp"))).toEqual([]);
  });

  test("sweeps what a killed process left long ago, and nothing younger", async () => {
    await mkdir(join(home, "tmp/work-old/x"), { recursive: true });
    await mkdir(join(home, "tmp/work-young"));
    const past = new Date(Date.now() - 2 * 3_600_000);
    await utimes(join(home, "tmp/work-old"), past, past);
    await store.withScratch(async () => undefined);
    expect(await readdir(join(home, "tmp"))).toEqual(["work-young"]);
  });
});

describe("store.writeTree() throws ERR_POCKET_STORE and leaves nothing half written when", () => {
  test("its home is a file", async () => {
    await writeFile(home, "");
    await expect(store.writeTree(FILES)).rejects.toMatchObject({
      code: "ERR_POCKET_STORE",
      message: expect.stringContaining(home),
      hint: expect.stringContaining("POCKET_HOME"),
    });
  });

  test("its home is read-only", async () => {
    await mkdir(home, { mode: 0o555 });
    await chmod(join(home, ".."), 0o755);
    // Root may write everywhere: a child process gives that up once it has read the code.
    const script = `
      import { openStore } from ${JSON.stringify(join(import.meta.dirname, "../../src/store/store.ts"))};
      if (process.getuid() === 0) process.seteuid(65_534);
      try { await openStore({ home: ${JSON.stringify(home)} }).writeTree(new Map([["a", Buffer.from("a")]])); }
      catch (error) { console.log(error.code, error.details.errno); }`;
    const child = spawnSync(process.execPath, ["--conditions=toolpocket-source", "--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    expect(child.stdout.trim()).toBe("ERR_POCKET_STORE EACCES");
    expect(await readdir(home)).toEqual([]);
  });

  test("the disk is full (needs root on Linux, to mount a small one)", async (context) => {
    if (process.platform !== "linux" || process.getuid?.() !== 0) context.skip("this user cannot mount a small disk");
    await mkdir(home);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", home]).status !== 0) {
      context.skip("mounting is not allowed here");
    }
    try {
      const small = await store.writeTree(FILES);
      const large = new Map([...FILES, ["large.bin", Buffer.alloc(1_000_000, 1)]]);
      await expect(store.writeTree(large)).rejects.toMatchObject({
        code: "ERR_POCKET_STORE",
        details: { errno: "ENOSPC" },
        hint: expect.stringContaining("free space"),
      });
      await expect(store.writeBlob("snapshot", Buffer.alloc(1_000_000))).rejects.toMatchObject({
        code: "ERR_POCKET_STORE",
      });
      expect(await store.readTree(digestTree(large))).toBeNull();
      expect(await store.readBlob("snapshot")).toBeNull();
      expect(contents(await store.readTree(small))).toEqual(contents(FILES));
      expect(await readdir(join(home, "tmp"))).toEqual([]);
    } finally {
      execFileSync("umount", [home]);
    }
  });
});
