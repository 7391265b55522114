/** Granted folders by WASI's own calls. The error numbers are those of preview 1. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  APPEND,
  CREATE,
  createWasiCaller,
  DATA,
  DIRECTORY,
  EXCLUSIVE,
  file,
  folder,
  link,
  READ_ONLY,
  RIGHTS,
  TRUNCATE,
} from "./wasi-caller.ts";

const ERRNO = { badf: 8, exist: 20, fbig: 22, inval: 28, isdir: 31, loop: 32, noent: 44, nospc: 51 } as const;
const [NOTDIR, NOTEMPTY, NOTSUP, ROFS, NOTCAPABLE] = [54, 55, 58, 69, 76];
const WRITE = { rights: RIGHTS.read | RIGHTS.write };

const contentOf = ({ storage }: ReturnType<typeof createWasiCaller>): Record<string, string> =>
  Object.fromEntries(
    Array.from(storage.list("data"), (node) => [
      node.path,
      node.kind === "file" ? new TextDecoder().decode(node.content) : node.kind,
    ]),
  );

describe("granted folders", () => {
  it("are preopened under /storage, and there is nothing else", () => {
    const wasi = createWasiCaller([]);
    expect([DATA, READ_ONLY].map((fd) => wasi.preopen(fd))).toEqual(["/storage/data", "/storage/ro"]);
    expect(wasi.call("fd_prestat_get", 5, 0)).toBe(ERRNO.badf);
    expect(wasi.open(0, "a")).toBe(-NOTDIR);
  });

  it("have files that are read, written, appended to, cut and grown", () => {
    const wasi = createWasiCaller([file("a.txt", "alpha")]);
    const a = wasi.open(DATA, "a.txt", WRITE);
    expect([wasi.read(a, 2), wasi.read(a), wasi.read(a)]).toEqual(["al", "pha", ""]);
    expect(wasi.seek(a, -1, 2)).toBe(4);
    expect(wasi.write(a, "A!")).toBe(2);
    const more = wasi.open(DATA, "a.txt", { ...WRITE, flags: APPEND });
    wasi.seek(more, 0, 0);
    wasi.write(more, "?");
    expect(contentOf(wasi)).toEqual({ "a.txt": "alphA!?" });
    expect(wasi.call("fd_filestat_set_size", a, 3n)).toBe(0);
    expect(wasi.call("fd_filestat_set_size", a, 5n)).toBe(0);
    expect(contentOf(wasi)).toEqual({ "a.txt": "alp\0\0" });
    expect(wasi.call("fd_close", a)).toBe(0);
    expect(wasi.call("fd_close", a)).toBe(ERRNO.badf);
  });

  it("are opened as the flags say", () => {
    const wasi = createWasiCaller([file("a", "alpha"), folder("sub"), link("to-a", "a")]);
    expect(wasi.open(DATA, "a", { oflags: CREATE | EXCLUSIVE, ...WRITE })).toBe(-ERRNO.exist);
    expect(wasi.open(DATA, "none")).toBe(-ERRNO.noent);
    expect(wasi.open(DATA, "a", { oflags: DIRECTORY })).toBe(-NOTDIR);
    expect(wasi.open(DATA, "sub", WRITE)).toBe(-ERRNO.isdir);
    expect(wasi.open(DATA, "to-a", { follow: false })).toBe(-ERRNO.loop);
    expect(wasi.write(wasi.open(DATA, "a"), "x")).toBe(-ERRNO.badf);
    expect(wasi.open(DATA, "to-a", { oflags: TRUNCATE, ...WRITE })).toBeGreaterThan(READ_ONLY);
    expect(wasi.open(wasi.open(DATA, "sub"), "b", { oflags: CREATE, ...WRITE })).toBeGreaterThan(READ_ONLY);
    expect(contentOf(wasi)).toEqual({ a: "", sub: "folder", "sub/b": "", "to-a": "link" });
  });

  it("have folders that are made, listed with any buffer, renamed and removed", () => {
    const names = Array.from({ length: 40 }, (_, index) => `file-${index}-${"x".repeat(index)}`);
    const wasi = createWasiCaller(names.map((name) => file(name, name)));
    for (const room of [88, 100, 4_096]) expect(wasi.names(DATA, room)).toEqual(names);
    expect(wasi.onPath("path_create_directory", DATA, "sub/")).toBe(0);
    expect(wasi.onPath("path_create_directory", DATA, "sub")).toBe(ERRNO.exist);
    expect(wasi.rename(names[0] ?? "", "sub/moved")).toBe(0);
    expect(wasi.rename("sub", "sub/below")).toBe(ERRNO.inval);
    expect(wasi.onPath("path_remove_directory", DATA, "sub")).toBe(NOTEMPTY);
    expect(wasi.onPath("path_unlink_file", DATA, "sub")).toBe(ERRNO.isdir);
    expect(wasi.stat(DATA, "sub/moved")).toEqual({ type: 4, size: 7 });
    expect(wasi.onPath("path_unlink_file", DATA, "sub/moved")).toBe(0);
    expect(wasi.onPath("path_remove_directory", DATA, "sub")).toBe(0);
    expect(Object.keys(contentOf(wasi))).toEqual(names.slice(1));
  });

  it("change nothing where they may only be read", () => {
    const wasi = createWasiCaller([file("a", "a")], [file("r", "r"), folder("sub")]);
    expect(wasi.read(wasi.open(READ_ONLY, "r"))).toBe("r");
    expect(wasi.open(READ_ONLY, "r", WRITE)).toBe(-ROFS);
    expect(wasi.open(READ_ONLY, "r", { oflags: TRUNCATE })).toBe(-ROFS);
    expect(wasi.open(READ_ONLY, "new", { oflags: CREATE })).toBe(-ROFS);
    expect(wasi.onPath("path_unlink_file", READ_ONLY, "r")).toBe(ROFS);
    expect(wasi.onPath("path_remove_directory", READ_ONLY, "sub")).toBe(ROFS);
    expect(wasi.onPath("path_create_directory", READ_ONLY, "new")).toBe(ROFS);
    expect([...wasi.storage.list("ro")].map(({ path }) => path)).toEqual(["r", "sub"]);
  });

  it("let a program make no links", () => {
    const wasi = createWasiCaller([file("a", "a")]);
    expect(wasi.call("path_symlink", 1_024, 1, DATA, 1_024, 1)).toBe(NOTSUP);
    expect(wasi.call("path_link", DATA, 0, 1_024, 1, DATA, 1_024, 1)).toBe(NOTSUP);
  });

  it.each([
    ["/etc/passwd", NOTCAPABLE],
    ["..", NOTCAPABLE],
    ["sub/../../ro/r", NOTCAPABLE],
    ["out", NOTCAPABLE],
    ["absolute", NOTCAPABLE],
    ["circle", ERRNO.loop],
    ["a/b", NOTDIR],
    ["a\0", ERRNO.inval],
    ["", ERRNO.noent],
    ["n".repeat(256), 37],
  ])("are not left by the path %j", (path, errno) => {
    const nodes = [
      file("a", "a"),
      folder("sub"),
      link("out", "../x"),
      link("absolute", "/etc"),
      link("circle", "circle"),
    ];
    expect(createWasiCaller(nodes, [file("r", "r")]).open(DATA, path)).toBe(-errno);
  });

  it("are not left by any path", () => {
    const part = fc.constantFrom("..", ".", "", "sub", "a", "up", "loop");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.boolean(), (parts, follow) => {
        const nodes = [folder("sub"), file("sub/a", "inside"), link("sub/up", ".."), link("loop", "sub/up/loop")];
        const wasi = createWasiCaller(nodes, [file("a", "outside")]);
        const opened = wasi.open(DATA, parts.join("/"), { follow });
        expect([-1, ""]).toContain(opened < 0 ? -1 : wasi.read(opened).replace("inside", ""));
      }),
    );
  });

  it("bound what a program writes, and how deep it goes", () => {
    const wasi = createWasiCaller([]);
    const open = (name: string): number => wasi.open(DATA, name, { oflags: CREATE, ...WRITE });
    const size = 64n * 1_048_576n;
    expect(wasi.call("fd_filestat_set_size", open("a"), size + 1n)).toBe(ERRNO.fbig);
    expect(wasi.call("fd_filestat_set_size", open("a"), -1n)).toBe(ERRNO.fbig);
    expect(["a", "b", "c"].map((name) => wasi.call("fd_filestat_set_size", open(name), size))).toEqual([
      0,
      0,
      ERRNO.nospc,
    ]);
    expect(wasi.seek(open("d"), 2 ** 40, 0)).toBe(0);
    let [at, errno] = [DATA, 0];
    for (let depth = 0; depth < 1_000 && at > 0; depth += 1) {
      errno = wasi.onPath("path_create_directory", at, "x");
      at = wasi.open(at, "x");
    }
    expect([errno, at]).toEqual([0, -37]);
  });

  it("keep what a file held for whoever has it open when it is removed", () => {
    const wasi = createWasiCaller([file("a", "alpha")]);
    const a = wasi.open(DATA, "a", WRITE);
    wasi.onPath("path_unlink_file", DATA, "a");
    expect(wasi.read(a)).toBe("alpha");
    expect(wasi.stat(DATA, "a")).toBe(-ERRNO.noent);
    expect(contentOf(wasi)).toEqual({});
  });
});
