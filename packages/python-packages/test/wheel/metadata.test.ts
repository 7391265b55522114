/** METADATA and RECORD, as builds write them. */
import { expect, test } from "vitest";
import { parseMetadata } from "../../src/wheel/metadata.ts";
import { parseRecord } from "../../src/wheel/record.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

test("parseMetadata() reads headers, continued lines too, and nothing of the description", () => {
  const text =
    "Metadata-Version: 2.1\r\nNAME: X\r\nVersion: 1.0\r\nRequires-Dist: a;\r\n python_version < '4'\r\nRequires-Python: >=3.9\r\n\r\nRequires-Dist: evil\r\n";
  expect(parseMetadata(encode(text))).toEqual({
    name: "X",
    version: "1.0",
    requires: ["a; python_version < '4'"],
    requiresPython: ">=3.9",
  });
  expect(parseMetadata(encode("Name: x\n"))).toBeUndefined();
});

test("parseMetadata() refuses what is too large to describe a package", () => {
  const head = "Name: x\nVersion: 1\n";
  expect(parseMetadata(encode(`${head}\n${"x".repeat(5_000_000)}`))).toBeUndefined();
  expect(parseMetadata(encode(`${head}${"Requires-Dist: a\n".repeat(6_000)}`))).toBeUndefined();
});

test("parseRecord() reads quoted paths, digests and sizes", () => {
  const digest = "A".repeat(43);
  expect(parseRecord(`"a,""b"".py",sha256=${digest},3\r\nx/RECORD,,\n`)).toEqual(
    new Map([
      ['a,"b".py', { sha256: digest, size: 3 }],
      ["x/RECORD", {}],
    ]),
  );
});

test.each(["a.py", "a.py,sha256=x", "a.py,,\na.py,,", ",,", "a.py,,x"])("parseRecord() refuses %j", (text) => {
  expect(parseRecord(text)).toBeUndefined();
});
