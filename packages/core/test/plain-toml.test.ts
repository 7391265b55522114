/** The quick reader beside the TOML parser: it may say nothing, but never anything else. */
import { parse } from "@iarna/toml";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatLockfile } from "../src/lockfile/format-lockfile.ts";
import { readPlainToml } from "../src/plain-toml.ts";
import { toPlainTable, type TomlTable } from "../src/toml.ts";
import { anyLockfile } from "./lockfile/lockfile-arbitrary.ts";

/** What the parser says; a text without meaning for what is no TOML. */
function parseWhole(text: string): TomlTable | string {
  try {
    return toPlainTable(parse(text));
  } catch (error) {
    return String(error);
  }
}

/** Says what the parser says, or nothing. */
function expectNothingElse(text: string): void {
  expect([undefined, parseWhole(text)]).toContainEqual(readPlainToml(text));
}

describe("readPlainToml()", () => {
  it("reads what formatLockfile() writes, unless that has an escape", () => {
    fc.assert(
      fc.property(anyLockfile, (lock) => {
        const text = formatLockfile(lock);
        expect(readPlainToml(text)).toEqual(text.includes("\\") ? undefined : parseWhole(text));
      }),
    );
  });

  it.each([
    [
      "a manifest",
      'name = "weather"\nlanguage = "python"\n\n[tool]\n# of a call\ntimeout = 30\n[tool.parameters]\nfast = true\n',
    ],
    [
      "settings",
      '[tools.weather]\ngit = "https://git.example/a/b"\n[tools.notes]\npath="../notes"\n[limits]\nmin = -1\n',
    ],
    ["tables of tables", "[a.b.c]\nx = 0\n[a.b.d]\n[a.e]\n[[list]]\n[[list]]\n"],
    ["what stands between lists in a list", '[a]\nlists = { network = ["] }", "a = [", ", b"], env = ["A"] }'],
    ["comments", '# a\n[tool] # b\nurl = "#a"#c\nname = "b" # "d"\nlist = ["#"] # e\ncount = 1 # f\n[[more]]# g'],
    ["empty strings", 'a = ""\nb = ["", ""]'],
    ["nothing", ""],
  ])("reads %s", (_, text) => {
    expect(readPlainToml(text)).toEqual(parseWhole(text));
  });

  it("says nothing but what the parser says of a lockfile that was changed in places", () => {
    const change = fc.record({
      at: fc.nat(2_000),
      remove: fc.nat(3),
      insert: fc.oneof(fc.constantFrom(...LINES, ...MARKS), fc.string({ maxLength: 3 })),
    });
    fc.assert(
      fc.property(anyLockfile, fc.array(change, { minLength: 1, maxLength: 4 }), (lock, changes) => {
        let text = formatLockfile(lock);
        for (const { at, remove, insert } of changes) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + insert + text.slice(place + remove);
        }
        expectNothingElse(text);
      }),
      { numRuns: 1000 },
    );
  });

  it("says nothing but what the parser says of any order of lines", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LINES), { maxLength: 7 }), (lines) =>
        expectNothingElse(lines.join("\n")),
      ),
      { numRuns: 3000 },
    );
  });

  it.each([
    ["a key twice", 'url = "a"\nurl = "b"'],
    ["a table twice", "[a]\n[a]"],
    ["a table that another one made", "[a.b]\n[a]"],
    ["a table in the place of a value", "a = 1\n[a]"],
    ["a table in a value", 'a = { b = ["c"] }\n[a.b]'],
    ["a table in a list", "[[a]]\n[a.b]"],
    ["a list in the place of a table", "[a]\n[[a]]"],
    ["a table that a list of values would get", 'a = ["b"]\n[[a]]'],
    ["a key of Object.prototype", 'constructor = "a"'],
    ["a table of Object.prototype", "[constructor]"],
    ["a table in a table of Object.prototype", "[__proto__.polluted]"],
    ["a list of Object.prototype", "[[toString]]"],
    ["a table of too many tables", `[${"a.".repeat(10)}a]`],
    ["an escape", String.raw`url = "\u0061"`],
    ["a control character", 'url = "\u007f"'],
    ["half of a character", 'url = "\ud800"'],
    ["a literal string", "url = 'a'"],
    ["a string of several lines", 'url = """\na"""'],
    ["a comment that ends as a list does", 'wheels = ["a"] # ["b"]'],
    ["spaces before a key", '  url = "a"'],
    ["a list twice", 'permissions = { env = ["A"], env = ["B"] }'],
    ["a list of numbers", "wheels = [1]"],
    ["a list that ends in a comma", 'wheels = ["a",]'],
    ["a dotted key", 'tool.url = "a"'],
    ["a number with a fraction", "a = 1.5"],
    ["a number outside of the safe range", "a = 9007199254740993"],
    ["a number that begins with zero", "a = 01"],
    ["a date", "a = 1979-05-27"],
    ["a carriage return", 'url = "a"\r\n'],
  ])("leaves %s to the parser", (_, text) => {
    expect(readPlainToml(text)).toBeUndefined();
  });

  it("takes proportional time for lines that nearly are what it reads", () => {
    const long = 200_000;
    const near = [
      `a = [${"] ".repeat(long)}"`,
      `[a]${" ".repeat(long)}b`,
      `a${" ".repeat(long)}`,
      `a = ["${'", "'.repeat(long)}`,
      `a = { ${'b = ["c"], '.repeat(long)}`,
      `[${"a.".repeat(long)}`,
    ];
    const start = performance.now();
    for (const line of near) expect(readPlainToml(line)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

/** Parts of lines. */
const MARKS = ["\n", '"', "'", "\\", "=", "[", "]", ", ", "#"];
const LINES = [
  "",
  "# a comment",
  "version = 1",
  "version = 1.0",
  "[tool]",
  "[tool.pin]",
  "[tool.pin.deep]",
  "[pin]",
  "[pin.tool]",
  "[[tool]]",
  "[[pin]]",
  "[[tool.pin]]",
  'tool = "a"',
  'tool = ["a"]',
  'tool = { pin = ["A"] }',
  'pin = "a"',
  'name = "a"',
  'name = "b" ',
  'name="c"',
  'path = ""',
  'url = "a" # b',
  'url = "a" # "b"',
  'wheels = ["a"] # ]',
  'wheels = ["a"] # b',
  "[tool] # a",
  "[pin]# ]",
  "[[pin]] # ]]",
  'wheels = ["a", "b"]',
  "wheels = []",
  'wheels = ["a" ]',
  'wheels = ["a", 1]',
  'permissions = { env = ["A"], network = ["b", "c"] }',
  'permissions = { env = ["A"], env = ["b"] }',
  'permissions = { env = "A" }',
  "permissions = {}",
  "permissions.env = []",
  "[permissions]",
  "[permissions.env]",
  'toString = "a"',
  "[constructor]",
  "count = 0",
  "count = -12",
  "count = 123456789012345",
  "count = 1_000",
  "-1 = true",
  "1 = false",
  "[1.2]",
];
