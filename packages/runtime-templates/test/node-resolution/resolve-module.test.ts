import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ImportKind,
  type ModuleTree,
  parentFolder,
  resolveModule,
  resolvePath,
} from "../../src/node-resolution/index.ts";

function treeOf(files: Readonly<Record<string, string>>): ModuleTree {
  const folders = new Set<string>(["/"]);
  for (const path of Object.keys(files))
    for (let at = parentFolder(path); at !== "/"; at = parentFolder(at)) folders.add(at);
  return {
    isFile: (path) => Object.hasOwn(files, path),
    isDirectory: (path) => folders.has(path),
    readText: (path) => files[path] ?? "",
  };
}

const find = (
  files: Record<string, string>,
  specifier: string,
  kind: ImportKind = "import",
  importer = "/tool/index.js",
) => resolveModule(treeOf(files), specifier, importer, kind);

describe("resolveModule()", () => {
  it.for([
    ["./a.js", "/tool/a.js"],
    ["./a", "/tool/a.js"],
    ["./data.json", "/tool/data.json"],
    ["./folder", "/tool/folder/index.js"],
    ["./main/", "/tool/main/lib/start.js"],
    ["./typed.js", "/tool/typed.ts"],
    ["/tool/a.js", "/tool/a.js"],
    ["file:///tool/a.js", "/tool/a.js"],
    ["./sub/../a.js", "/tool/a.js"],
  ] as const)("finds the file that %s means", ([specifier, path]) => {
    const files = {
      "/tool/a.js": "",
      "/tool/data.json": "{}",
      "/tool/folder/index.js": "",
      "/tool/typed.ts": "",
      "/tool/main/package.json": `{"main":"lib/start"}`,
      "/tool/main/lib/start.js": "",
    };
    expect(find(files, specifier)).toEqual({ kind: "file", path });
  });

  it("gives a builtin for its name with and without prefix, and none for an unknown one", () => {
    expect(find({}, "fs")).toEqual({ kind: "builtin", name: "fs" });
    expect(find({}, "node:fs/promises")).toEqual({ kind: "builtin", name: "fs/promises" });
    expect(find({}, "node:test")).toEqual({ kind: "builtin", name: "test" });
    expect(find({}, "test")).toMatchObject({ kind: "missing" });
    expect(find({}, "node:nothing")).toMatchObject({ kind: "missing", reason: "builtin module node:nothing" });
  });

  it("walks up to the nearest node_modules", () => {
    const files = {
      "/tool/node_modules/a/index.js": "",
      "/tool/src/node_modules/a/index.js": "",
      "/tool/src/x.js": "",
    };
    expect(find(files, "a", "require", "/tool/src/deep/x.js")).toEqual({
      kind: "file",
      path: "/tool/src/node_modules/a/index.js",
    });
    expect(find(files, "a", "require", "/tool/x.js")).toEqual({ kind: "file", path: "/tool/node_modules/a/index.js" });
  });

  it("takes the export that the kind of import asks for", () => {
    const files = {
      "/tool/node_modules/dual/package.json": JSON.stringify({
        name: "dual",
        exports: {
          ".": { import: "./esm.mjs", require: "./cjs.cjs" },
          "./*": { node: "./lib/*.js" },
          "./secret/*": null,
        },
      }),
      "/tool/node_modules/dual/esm.mjs": "",
      "/tool/node_modules/dual/cjs.cjs": "",
      "/tool/node_modules/dual/lib/x.js": "",
    };
    expect(find(files, "dual")).toEqual({ kind: "file", path: "/tool/node_modules/dual/esm.mjs" });
    expect(find(files, "dual", "require")).toEqual({ kind: "file", path: "/tool/node_modules/dual/cjs.cjs" });
    expect(find(files, "dual/x")).toEqual({ kind: "file", path: "/tool/node_modules/dual/lib/x.js" });
    expect(find(files, "dual/secret/x")).toMatchObject({ kind: "missing" });
    expect(find(files, "dual/esm.mjs")).toMatchObject({ kind: "missing" });
  });

  it("follows a package's own name and its imports", () => {
    const files = {
      "/tool/package.json": JSON.stringify({
        name: "me",
        exports: "./main.js",
        imports: { "#in": "./inner.js", "#fs": "node:fs" },
      }),
      "/tool/main.js": "",
      "/tool/inner.js": "",
    };
    expect(find(files, "me")).toEqual({ kind: "file", path: "/tool/main.js" });
    expect(find(files, "#in")).toEqual({ kind: "file", path: "/tool/inner.js" });
    expect(find(files, "#fs")).toEqual({ kind: "builtin", name: "fs" });
    expect(find(files, "#none")).toMatchObject({ kind: "missing" });
  });

  it("does not leave a package through its exports", () => {
    const files = {
      "/tool/node_modules/bad/package.json": JSON.stringify({ name: "bad", exports: { ".": "./../../secret.js" } }),
      "/tool/secret.js": "",
    };
    expect(find(files, "bad")).toMatchObject({ kind: "missing" });
  });

  it("reads no package.json that is not JSON", () => {
    const files = { "/tool/node_modules/odd/package.json": "{", "/tool/node_modules/odd/index.js": "" };
    expect(find(files, "odd")).toEqual({ kind: "file", path: "/tool/node_modules/odd/index.js" });
  });

  it("gives only files of the tree, whatever the specifier", () => {
    const tree = treeOf({ "/tool/index.js": "", "/tool/package.json": `{"name":"t","imports":{"#x":"./index.js"}}` });
    fc.assert(
      fc.property(
        fc.stringMatching(/^[./#a-z:%@~-]{0,24}$/u),
        fc.constantFrom("import", "require"),
        (specifier, kind) => {
          const found = resolveModule(tree, specifier, "/tool/index.js", kind as ImportKind);
          expect(found.kind !== "file" || tree.isFile(found.path)).toBe(true);
        },
      ),
    );
  });
});

describe("resolvePath()", () => {
  it("never leaves the root and is stable when applied again", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[./a-c]{0,20}$/u), (path) => {
        const resolved = resolvePath("/tool", path);
        expect(resolved).toMatch(/^\/(?:[^/]+(?:\/[^/]+)*)?$/u);
        expect(resolved.split("/")).not.toContain("..");
        expect(resolvePath("/", resolved)).toBe(resolved);
      }),
    );
  });
});
