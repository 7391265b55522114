import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createStorageView, type StorageNode } from "../../../../src/guest/worker/storage/storage-view.ts";
import { type LoadedStorage, readStorageChanges, type StorageEntry } from "../../../../src/protocol/storage.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A tree as text by path; null is a folder, "-> target" a link. */
type Tree = ReadonlyMap<string, string | null>;

function load(tree: Tree, limits = { maxBytes: 1_000, maxEntries: 100 }): LoadedStorage {
  const entries = [...tree].map(([path, text]): StorageEntry => {
    if (text === null) return { kind: "folder", path };
    if (text.startsWith("-> ")) return { kind: "link", path, target: text.slice(3) };
    return { kind: "file", path, size: encoder.encode(text).length, mtimeMs: 0 };
  });
  const files = [...tree.values()].filter((text) => text !== null && !text.startsWith("-> "));
  return { name: "data", access: "write", entries, contents: encoder.encode(files.join("")), ...limits };
}

const toNodes = (tree: Tree): StorageNode[] => {
  const [folder] = createStorageView([load(tree)]).folders;
  return [...(folder?.nodes ?? [])];
};

/** What the host would have after the changes; throws where one does not fit. */
function applyChanges(before: Tree, now: Tree): Tree {
  const found = createStorageView([load(before)]).collect({ list: () => toNodes(now) });
  const after = new Map(before);
  let offset = 0;
  for (const change of readStorageChanges(found?.changes ?? [], found?.contents.length ?? 0) ?? []) {
    const { kind, path } = change;
    const parent = path.includes("/") ? after.get(path.slice(0, path.lastIndexOf("/"))) : null;
    if (kind === "remove") {
      if ([...after.keys()].some((other) => other.startsWith(`${path}/`))) throw new Error(`${path} is not empty`);
      if (!after.delete(path)) throw new Error(`${path} is not there`);
      continue;
    }
    if (parent !== null) throw new Error(`${path} has no folder`);
    if (kind === "make-folder") after.set(path, null);
    if (kind === "write") {
      after.set(path, decoder.decode(found?.contents.subarray(offset, offset + change.size)));
      offset += change.size;
    }
  }
  return after;
}

const tree = fc
  .letrec<{ folder: [string, unknown][] }>((tie) => ({
    folder: fc.uniqueArray(
      fc.tuple(
        fc.constantFrom("a", "b", "c", "__proto__"),
        fc.oneof({ maxDepth: 3 }, fc.string({ maxLength: 4 }), tie("folder")),
      ),
      { maxLength: 3, selector: ([name]) => name },
    ),
  }))
  .folder.map((folder) => new Map(flatten(folder, "")));

function* flatten(folder: [string, unknown][], prefix: string): Generator<[string, string | null]> {
  for (const [name, content] of folder) {
    if (Array.isArray(content)) {
      yield [`${prefix}${name}`, null];
      yield* flatten(content as [string, unknown][], `${prefix}${name}/`);
    } else yield [`${prefix}${name}`, String(content).replaceAll("-", "_")];
  }
}

describe("collect()", () => {
  it("gives changes that make what the host has into what the guest has, whatever that is", () => {
    fc.assert(
      fc.property(tree, tree, (before, now) => {
        expect(Object.fromEntries(applyChanges(before, now))).toEqual(Object.fromEntries(now));
      }),
    );
  });

  it("is undefined when nothing has changed", () => {
    fc.assert(
      fc.property(tree, (same) => {
        expect(createStorageView([load(same)]).collect({ list: () => toNodes(same) })).toBeUndefined();
      }),
    );
  });

  it("tells of a link that is new or leads elsewhere, and of none that has stayed", () => {
    const before = new Map([["l", "-> a"]]);
    const changesOf = (now: Tree) => createStorageView([load(before)]).collect({ list: () => toNodes(now) })?.changes;
    expect(changesOf(new Map([["l", "-> a"]]))).toBeUndefined();
    expect(changesOf(new Map([["l", "-> /etc"]]))).toMatchObject([{ kind: "link", path: "l" }]);
    expect(changesOf(new Map())).toMatchObject([{ kind: "remove", path: "l" }]);
  });

  it("looks into no folder that was granted for reading", () => {
    const loaded: LoadedStorage = { ...load(new Map([["a", "1"]])), access: "read" };
    expect(createStorageView([loaded]).collect({ list: () => [] })).toBeUndefined();
  });

  it("fails when a folder has outgrown its quota in bytes or entries", () => {
    const limited = createStorageView([load(new Map(), { maxBytes: 3, maxEntries: 2 })]);
    const collect = (now: Tree) => limited.collect({ list: () => toNodes(now) });
    expect(() => collect(new Map([["a", "1234"]]))).toThrow("more than 3 bytes");
    expect(() => collect(new Map(["a", "b", "c"].map((path) => [path, ""])))).toThrow("more than 2 entries");
    expect(collect(new Map([["a", "123"]]))?.changes).toHaveLength(1);
  });
});

describe("readStorageChanges()", () => {
  it("keeps nothing that does not belong there, and refuses what is no change, whatever it is given", () => {
    const shape = fc.record(
      { kind: fc.anything(), storage: fc.anything(), path: fc.anything(), size: fc.anything(), more: fc.anything() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.array(shape)), fc.nat(), (value, bytes) => {
        for (const change of readStorageChanges(value, bytes) ?? []) {
          expect(["write", "make-folder", "remove", "link"]).toContain(change.kind);
          expect(Object.keys(change).length).toBeLessThanOrEqual(4);
        }
      }),
    );
  });

  it("refuses sizes that are not those of the contents", () => {
    const change = { kind: "write", storage: "data", path: "a", size: 3 };
    expect(readStorageChanges([change], 3)).toEqual([change]);
    expect(readStorageChanges([change], 4)).toBeUndefined();
    expect(readStorageChanges([{ ...change, size: -1 }], 3)).toBeUndefined();
    expect(readStorageChanges([{ ...change, path: "x".repeat(5_000) }], 3)).toBeUndefined();
  });
});
