/** Pages of indexes, in both forms. */
import { expect, test } from "vitest";
import { parseProjectPage } from "../../src/sources/project-page.ts";

const url = new URL("https://index.example/simple/x/");
const SHA = "ab".repeat(32);

test("parseProjectPage() reads HTML: relative places, digests, what is withdrawn", () => {
  const text = `<!DOCTYPE html><html><head><base href="https://files.example/"></head><body>
    <a href="x-1.0-py3-none-any.whl#sha256=${SHA}" data-requires-python="&gt;=3.9">x-1.0-py3-none-any.whl</a>
    <a href="/y/x-0.9.tar.gz" data-yanked="broken &amp; old" data-dist-info-metadata="sha256=${SHA}">x-0.9.tar.gz</a>
    <a href="javascript:alert(1)">x-0.8.tar.gz</a><a>none</a></body></html>`;
  expect(parseProjectPage(text, { url, mediaType: "text/html" })).toEqual([
    {
      fileName: "x-1.0-py3-none-any.whl",
      url: new URL("https://files.example/x-1.0-py3-none-any.whl"),
      digest: `sha256-${SHA}`,
      requiresPython: ">=3.9",
    },
    {
      fileName: "x-0.9.tar.gz",
      url: new URL("https://files.example/y/x-0.9.tar.gz"),
      yanked: "broken & old",
      metadata: { digest: `sha256-${SHA}` },
    },
  ]);
});

test("parseProjectPage() reads JSON, and leaves out what is no file", () => {
  const files = [
    { filename: "x-1.0-py3-none-any.whl", url: "../../x.whl", hashes: { sha256: SHA.toUpperCase() }, yanked: false },
    { filename: "x-2.0-py3-none-any.whl", url: "x", hashes: {}, yanked: true, "core-metadata": { sha256: SHA } },
    { filename: 7, url: "x" },
    { filename: "x", url: "file:///etc/passwd" },
    null,
  ];
  expect(parseProjectPage(JSON.stringify({ files }), { url, mediaType: "application/json" })).toEqual([
    { fileName: "x-1.0-py3-none-any.whl", url: new URL("https://index.example/x.whl"), digest: `sha256-${SHA}` },
    {
      fileName: "x-2.0-py3-none-any.whl",
      url: new URL("https://index.example/simple/x/x"),
      yanked: "",
      metadata: { digest: `sha256-${SHA}` },
    },
  ]);
});

test.each([
  ["", /JSON/u],
  ["[]", /no list of files/u],
  ['{"files": 1}', /no list of files/u],
  ["<html>", /JSON/u],
])("parseProjectPage() refuses the JSON %j", (text, message) => {
  expect(() => parseProjectPage(text, { url, mediaType: "application/json" })).toThrow(message);
});
