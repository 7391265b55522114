/** Wheels that are not what they say they are. */
import { makeWheel, type WheelParts } from "@toolpocket/test-kit";
import { expect, test } from "vitest";
import { checkWheel, readWheelMetadata } from "../../src/wheel/check-wheel.ts";

const SOUND: WheelParts = { name: "sound", version: "1.0", requires: ["a>=1"] };

test("checkWheel() gives the metadata of a sound wheel", async () => {
  const { fileName, content } = makeWheel(SOUND);
  const expected = { name: "sound", version: "1.0", requires: ["a>=1"] };
  await expect(checkWheel(fileName, content)).resolves.toEqual(expected);
  await expect(readWheelMetadata(fileName, content)).resolves.toEqual(expected);
});

test("checkWheel() takes files of every install scheme", async () => {
  const schemes = ["purelib", "platlib", "headers", "scripts", "data"];
  const files = Object.fromEntries(schemes.map((scheme) => [`sound-1.0.data/${scheme}/${scheme}/file`, scheme]));
  const { fileName, content } = makeWheel({ ...SOUND, files });
  await expect(checkWheel(fileName, content)).resolves.toMatchObject({ name: "sound" });
});

test.each<[string, Partial<WheelParts>, RegExp]>([
  ["a path that leaves its folder", { files: { "../../evil.py": "x" } }, /damaged archive/u],
  ["an absolute path", { files: { "/etc/evil.py": "x" } }, /damaged archive/u],
  ["a backslash in a path", { files: { "a\\..\\evil.py": "x" } }, /damaged archive|holds/u],
  ["a link", { files: { "link.py": "/etc/passwd" }, modes: { "link.py": 0o120_777 } }, /link/u],
  ["a device", { files: { "device.py": "" }, modes: { "device.py": 0o020_666 } }, /link or a device/u],
  ["a file that RECORD does not name", { unrecorded: { "extra.py": "x" } }, /RECORD does not name/u],
  ["a RECORD with another digest", { record: recordOf("A".repeat(43), 23) }, /not as its RECORD says/u],
  ["a RECORD that is none", { record: "nothing" }, /no RECORD/u],
  ["another name in METADATA", { metadataName: "other" }, /"other 1\.0"/u],
  ["another version in METADATA", { metadataVersion: "2.0" }, /"sound 2\.0"/u],
  ["two packages in one", { files: { "other-1.0.dist-info/METADATA": "x" } }, /two packages/u],
  ["files of no install scheme", { files: { "sound-1.0.data/system/sound.py": "x" } }, /no install scheme/u],
  ["files beside the install schemes", { files: { "sound-1.0.data/sound.py": "x" } }, /no install scheme/u],
  [
    "two files for one place",
    { files: { "sound-1.0.data/purelib/sound.py": "x", "sound.py": "y" } },
    /two files as "sound\.py"/u,
  ],
])("checkWheel() refuses %s", async (_what, parts, message) => {
  const { fileName, content } = makeWheel({ ...SOUND, ...parts });
  await expect(checkWheel(fileName, content)).rejects.toMatchObject({
    code: "ERR_POCKET_PACKAGE_REFUSED",
    message: expect.stringMatching(message),
  });
});

test("checkWheel() refuses a wheel under another package's name", async () => {
  const { content } = makeWheel(SOUND);
  await expect(checkWheel("other-1.0-py3-none-any.whl", content)).rejects.toMatchObject({
    code: "ERR_POCKET_PACKAGE_REFUSED",
    message: expect.stringContaining('"sound-1.0.dist-info"'),
  });
});

test("checkWheel() refuses a bomb by what it would unpack to, and too many files", async () => {
  const bomb = makeWheel({ ...SOUND, files: { "bomb.py": new Uint8Array(4_000_000) } });
  expect(bomb.content.length).toBeLessThan(10_000);
  await expect(checkWheel(bomb.fileName, bomb.content, { maxUnpackedBytes: 1_000_000 })).rejects.toMatchObject({
    message: expect.stringContaining("more than 1000000 bytes"),
  });
  await expect(checkWheel(bomb.fileName, bomb.content, { maxWheelFiles: 3 })).rejects.toMatchObject({
    message: expect.stringContaining("more than 3 files"),
  });
});

test("checkWheel() refuses a bomb that lies about its size", async () => {
  const bomb = makeWheel({ ...SOUND, files: { "bomb.py": new Uint8Array(4_000_000) } });
  const content = bomb.content.slice();
  const view = new DataView(content.buffer);
  for (let at = 0; at < content.length - 30; at += 1) {
    const signature = view.getUint32(at, true);
    const offset = signature === 0x02_01_4b_50 ? 24 : signature === 0x04_03_4b_50 ? 22 : 0;
    if (offset !== 0 && view.getUint32(at + offset, true) === 4_000_000) view.setUint32(at + offset, 10, true);
  }
  await expect(checkWheel(bomb.fileName, content)).rejects.toMatchObject({ code: "ERR_POCKET_PACKAGE_REFUSED" });
});

test("checkWheel() refuses what is no archive, or half of one", async () => {
  const { fileName, content } = makeWheel(SOUND);
  for (const bytes of [
    new Uint8Array(),
    new TextEncoder().encode("<html>"),
    content.subarray(0, 200),
    content.subarray(9),
  ]) {
    await expect(checkWheel(fileName, bytes)).rejects.toMatchObject({ code: "ERR_POCKET_PACKAGE_REFUSED" });
  }
});

function recordOf(digest: string, size: number): string {
  const files = ["sound/__init__.py", "sound-1.0.dist-info/METADATA", "sound-1.0.dist-info/WHEEL"];
  return files.map((path) => `${path},sha256=${digest},${size}`).join("\n");
}
