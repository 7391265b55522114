/** Where the files of wheels are installed. */
import { strFromU8, strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { layOutWheel } from "../../../src/guest/wheels/wheel-layout.ts";

/** Installed files as text, by path. */
function layOut(files: Record<string, string>): Record<string, string> {
  const wheel = zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));
  const installed = layOutWheel(wheel, { python: "3.14" });
  return Object.fromEntries(installed.map(({ path, content }) => [path, strFromU8(content)]));
}

const INFO = { "my_pkg-1.0.dist-info/METADATA": "Name: my-pkg", "my_pkg-1.0.dist-info/RECORD": "" };

test("layOutWheel() keeps what lies in the root where it is, shared libraries with it", () => {
  const files = {
    "pkg/__init__.py": "x = 1",
    "my_pkg.libs/liba.so": "\0asm",
    "other-2.0.data/purelib/b.py": "",
    ...INFO,
  };
  expect(layOut(files)).toEqual({ ...files, "my_pkg-1.0.dist-info/INSTALLER": "toolpocket\n" });
});

test("layOutWheel() puts the files of each scheme in its place, and tells it in RECORD", () => {
  const data = "my_pkg-1.0.data";
  const record = [
    "pkg.py,sha256=aaa,1",
    `${data}/purelib/a.py,sha256=bbb,1`,
    `${data}/platlib/b/c.so,sha256=ccc,1`,
    `"${data}/data/share/odd, name.txt",sha256=ddd,1`,
    `${data}/scripts/run,sha256=eee,1`,
    `${data}/headers/h.h,sha256=fff,1`,
    "my_pkg-1.0.dist-info/RECORD,,",
    "",
  ].join("\n");
  const installed = layOut({
    "pkg.py": "",
    [`${data}/purelib/a.py`]: "a",
    [`${data}/platlib/b/c.so`]: "c",
    [`${data}/data/share/odd, name.txt`]: "d",
    [`${data}/scripts/run`]: "#!python -E\nprint(1)\n",
    [`${data}/scripts/window`]: "#!pythonw\n",
    [`${data}/scripts/shell`]: "#!/bin/sh\n",
    [`${data}/headers/h.h`]: "h",
    ...INFO,
    "my_pkg-1.0.dist-info/RECORD": record,
  });
  expect(installed).toMatchObject({
    "a.py": "a",
    "b/c.so": "c",
    "../../../share/odd, name.txt": "d",
    "../../../bin/run": "#!/usr/bin/env python3 -E\nprint(1)\n",
    "../../../bin/window": "#!/usr/bin/env python3\n",
    "../../../bin/shell": "#!/bin/sh\n",
    "../../../include/python3.14/my_pkg/h.h": "h",
  });
  expect(installed["my_pkg-1.0.dist-info/RECORD"]?.split("\n")).toEqual([
    "pkg.py,sha256=aaa,1",
    "a.py,sha256=bbb,1",
    "b/c.so,sha256=ccc,1",
    '"../../../share/odd, name.txt",sha256=ddd,1',
    "../../../bin/run,,",
    "../../../include/python3.14/my_pkg/h.h,sha256=fff,1",
    "my_pkg-1.0.dist-info/RECORD,,",
    "",
  ]);
});

test.each([
  ["no .dist-info", { "pkg.py": "" }, "it holds no .dist-info"],
  ["a path that leaves its folder", { "../../evil.py": "", ...INFO }, "leaves its folder"],
  ["a path that leaves its scheme", { "my_pkg-1.0.data/data/../../evil.py": "", ...INFO }, "leaves its folder"],
  ["an absolute path", { "/evil.py": "", ...INFO }, "leaves its folder"],
  ["an unknown scheme", { "my_pkg-1.0.data/system/a": "", ...INFO }, "of an unknown scheme"],
  ["a file of no scheme", { "my_pkg-1.0.data/a": "", ...INFO }, "belongs to no scheme"],
  ["two files for one place", { "a.py": "", "my_pkg-1.0.data/purelib/a.py": "", ...INFO }, "two of its files"],
])("layOutWheel() refuses %s", (_what, files, message) => {
  expect(() => layOut(files)).toThrow(message);
});

test("layOutWheel() refuses a bomb by what it says it unpacks to", () => {
  const wheel = zipSync({ "a.py": new Uint8Array(1_000), "b.py": new Uint8Array(1_000) }, { level: 9 });
  const view = new DataView(wheel.buffer);
  for (let at = 0; at < wheel.length - 30; at += 1) {
    // The size stands in the entries of the central directory.
    if (view.getUint32(at, true) === 0x02_01_4b_50) view.setUint32(at + 24, 300_000_000, true);
  }
  expect(() => layOutWheel(wheel, { python: "3.14" })).toThrow("it unpacks to more than 268435456 bytes");
});

test("layOutWheel() refuses what is no archive", () => {
  expect(() => layOutWheel(strToU8("<html>"), { python: "3.14" })).toThrow("invalid zip data");
});
