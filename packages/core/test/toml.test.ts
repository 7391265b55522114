import { describe, expect, it } from "vitest";
import { parseToml } from "../src/toml.ts";
import { pocketFault } from "./pocket-fault.ts";

const ORIGIN = { file: "config.toml", code: "ERR_POCKET_MANIFEST_INVALID" } as const;
const parse = (text: string) => parseToml(text, ORIGIN);

describe("parseToml()", () => {
  it("gives plain objects without marks of the parser", () => {
    const table = parse('a = 1\n[b]\nc = ["x", true]\n[b.d]\ne = 1.5\n[[list]]\nf = { g = "h" }\n');
    expect(table).toStrictEqual({ a: 1, b: { c: ["x", true], d: { e: 1.5 } }, list: [{ f: { g: "h" } }] });
    expect(Object.getOwnPropertySymbols(table["b"])).toEqual([]);
  });

  it("skips a byte order mark", () => {
    expect(parse("\uFEFFa = 1")).toEqual({ a: 1 });
  });

  it("takes lines that end in CRLF, also behind comments", () => {
    const table = parse('# settings\r\na = "x" # a\r\n[b] # b\r\nc = [ # c\r\n  1,\r\n]\r\n');
    expect(table).toEqual({ a: "x", b: { c: [1] } });
  });

  it("keeps dates, and integers outside of the safe range as bigint, for readers to refuse", () => {
    const { day, big } = parse("day = 1979-05-27\nbig = 9007199254740993\n");
    expect(day).toBeInstanceOf(Date);
    expect(typeof big).toBe("bigint");
  });

  it.each([
    ["a = \n", 1, 5, "unexpected character"],
    ["a = 1\nb = ", 2, 5, "key without value"],
    ["a = 1\na = 2", 2, 6, "can't redefine existing key"],
    ['a = "😀" b', 1, 10, "unexpected character"],
    ["a = 1\r\nb = ?\r\n", 2, 5, "unexpected character"],
    ['a = "open', 1, 10, "unterminated string"],
  ])("tells file, line and column when it reads %j", (text, line, column, reason) => {
    const error = pocketFault(() => parse(text));
    expect(error).toMatchObject({
      code: "ERR_POCKET_MANIFEST_INVALID",
      details: { file: "config.toml", line, column },
      hint: `correct config.toml at line ${line}`,
    });
    expect(error.message).toContain(`config.toml is not valid TOML: line ${line}, column ${column}: ${reason}`);
  });

  it("refuses what is nested too deeply", () => {
    const error = pocketFault(() => parse(`a = ${"[".repeat(50_000)}${"]".repeat(50_000)}`));
    expect(error.message).toContain("too deeply");
  });
});

describe("parseToml() of hostile keys", () => {
  const before = Object.getOwnPropertyNames(Object);

  it.each([
    ["[toString]\ncall = 1", "toString", 1],
    ["[constructor]\nx = 1", "constructor", 1],
    ["constructor.x = 1", "constructor", 1],
    ["a = 1\n[b]\n__proto__.polluted = 1", "__proto__", 3],
    ['a = { "__proto__" = { polluted = 1 } }', "__proto__", 1],
    ["['valueOf'.x]\ny = 1", "valueOf", 1],
    [`"\\u0063onstructor".x = 1`, "constructor", 1],
    ["a = [{ hasOwnProperty = { call = 1 } }]", "hasOwnProperty", 1],
  ])("refuses %j and leaves the host's objects alone", (text, key, line) => {
    const error = pocketFault(() => parse(text));
    expect(error.message).toContain(`the key "${key}" is not allowed`);
    expect(error.details).toMatchObject({ file: "config.toml", line });
    expect(Object.getOwnPropertyNames(Object)).toEqual(before);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.prototype.toString.call([])).toBe("[object Array]");
  });

  it("takes such words as values and as parts of other keys", () => {
    expect(parse("constructors = 'constructor'\ntext = '\\u __proto__'\n")).toEqual({
      constructors: "constructor",
      text: "\\u __proto__",
    });
  });
});
