/** The snapshot's store: made once, kept under what it depends on, and made again where it is missing. */
import { describe, expect, it, vi } from "vitest";
import type { GuestFiles } from "../../src/server/guest-files.ts";
import {
  createMemorySnapshotStore,
  readOrMakeSnapshot,
  digestPythonFiles,
  snapshotKey,
  type SnapshotStore,
} from "../../src/snapshot/python-snapshot.ts";

const FILES: GuestFiles = {
  pageScript: Uint8Array.of(1),
  workerScripts: {
    python: Uint8Array.of(3),
    node: Uint8Array.of(4),
    wasm: Uint8Array.of(5),
    component: new Uint8Array(),
  },
  pyodideModule: Uint8Array.of(5),
  standardLibrary: Uint8Array.of(6),
};
const BROWSER = "Chrome/156.0.8078.73";

const keyOf = (files: GuestFiles, browser: string): string => snapshotKey(digestPythonFiles(files), browser);

describe("snapshotKey()", () => {
  it("snapshotKey() is a file name and stays the same when nothing changes", () => {
    const key = keyOf(FILES, BROWSER);
    expect(key).toMatch(/^python-snapshot-[0-9a-f]{64}$/u);
    expect(keyOf({ ...FILES }, BROWSER)).toBe(key);
  });

  it.each<[string, Partial<GuestFiles>, string]>([
    ["the interpreter", { pyodideModule: Uint8Array.of(9) }, BROWSER],
    ["the standard library", { standardLibrary: Uint8Array.of(9) }, BROWSER],
    ["the worker's script", { workerScripts: { ...FILES.workerScripts, python: Uint8Array.of(9) } }, BROWSER],
    ["the browser", {}, "Chrome/157.0.0.0"],
    ["two files, exchanged,", { pyodideModule: Uint8Array.of(6), standardLibrary: Uint8Array.of(5) }, BROWSER],
  ])("snapshotKey() is another one when %s changes", (_what, files, browser) => {
    expect(keyOf({ ...FILES, ...files }, browser)).not.toBe(keyOf(FILES, BROWSER));
  });

  it("snapshotKey() stays the same when only the page or the node runtime changes", () => {
    const other = {
      ...FILES,
      pageScript: Uint8Array.of(9),
      workerScripts: { ...FILES.workerScripts, node: Uint8Array.of(9) },
    };
    expect(keyOf(other, BROWSER)).toBe(keyOf(FILES, BROWSER));
  });
});

describe("readOrMakeSnapshot()", () => {
  const made = Uint8Array.of(1, 2, 3);

  it("readOrMakeSnapshot() makes a snapshot once when it can be kept", async () => {
    const store = createMemorySnapshotStore();
    const make = vi.fn<() => Promise<Uint8Array>>(async () => made);
    expect(await readOrMakeSnapshot(store, "key", make)).toBe(made);
    expect(await readOrMakeSnapshot(store, "key", make)).toEqual(made);
    expect(make).toHaveBeenCalledOnce();
    await readOrMakeSnapshot(store, "other", make);
    expect(make).toHaveBeenCalledTimes(2);
  });

  it("readOrMakeSnapshot() gives what it made when the store cannot be written", async () => {
    const full: SnapshotStore = { read: async () => null, write: () => Promise.reject(new Error("disk full")) };
    expect(await readOrMakeSnapshot(full, "key", async () => made)).toBe(made);
  });

  it("readOrMakeSnapshot() makes a snapshot when the store cannot be read", async () => {
    const broken: SnapshotStore = { read: () => Promise.reject(new Error("denied")), write: async () => undefined };
    expect(await readOrMakeSnapshot(broken, "key", async () => made)).toBe(made);
  });

  it("readOrMakeSnapshot() rejects, and keeps nothing, when none can be made", async () => {
    const store = createMemorySnapshotStore();
    await expect(readOrMakeSnapshot(store, "key", () => Promise.reject(new Error("no memory")))).rejects.toThrow(
      "no memory",
    );
    expect(await store.read("key")).toBeNull();
  });
});
