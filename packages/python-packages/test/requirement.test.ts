/** Requirements as users and METADATA write them, and what is none. */
import { isPocketError } from "@toolpocket/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isPackageName, normalizeName } from "../src/package-name.ts";
import { parseRequirement } from "../src/requirement.ts";

test.each([
  ["requests", { name: "requests", extras: [], specifier: "" }],
  ["  Flask-SQLAlchemy ", { name: "flask-sqlalchemy", extras: [], specifier: "" }],
  ["a.b__c", { name: "a-b-c", extras: [], specifier: "" }],
  ["requests>=2.32,<3", { name: "requests", extras: [], specifier: ">=2.32,<3" }],
  ["requests (>=2.8.1, ==2.8.*)", { name: "requests", extras: [], specifier: ">=2.8.1,==2.8.*" }],
  ["httpx[HTTP2, brotli]~=0.28", { name: "httpx", extras: ["http2", "brotli"], specifier: "~=0.28" }],
  ["idna <4,", { name: "idna", extras: [], specifier: "<4" }],
])("parseRequirement() reads %j", (text, expected) => {
  expect(parseRequirement(text)).toMatchObject(expected);
});

test.each([
  "",
  " ",
  "requests==",
  "requests>=1.2.x.y",
  "x; import os",
  "'); __import__('os').system('x'); ('",
  "requests\nevil",
  "requests @ https://host.example/x.whl",
  "https://host.example/x.whl",
  "./x.whl",
  "-r requirements.txt",
  "--index-url=https://host.example",
  "../../etc",
  "ümlaut",
  `${"a".repeat(201)}`,
  "requests===weird",
])("parseRequirement() refuses %j", (text) => {
  expect(() => parseRequirement(text)).toThrow(expect.objectContaining({ code: "ERR_POCKET_PACKAGE_INVALID" }));
});

test("parseRequirement() gives a valid name or throws a PocketError, whatever the text", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" })), (text) => {
      expect(readName(text)).toSatisfy(
        (name) => name === "refused" || (isPackageName(name) && normalizeName(name) === name),
      );
    }),
  );
});

function readName(text: string): string {
  try {
    return parseRequirement(text).name;
  } catch (error) {
    if (isPocketError(error) && error.code === "ERR_POCKET_PACKAGE_INVALID") return "refused";
    throw error;
  }
}
