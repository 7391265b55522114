import { describe, expect, it } from "vitest";
import { isVariableName, isVariableValue, readVariables } from "../../src/tables/variables-table.ts";
import { pocketFault } from "../pocket-fault.ts";
import { openTestTable } from "./open-test-table.ts";

const read = (text: string) => readVariables(openTestTable(text), "tool_vars");

describe("readVariables()", () => {
  it("keeps text and gives numbers and booleans their JSON text", () => {
    expect(read(`[tool_vars]\na = 'C:\\x "y"'\nb = 1.50\nc = 1_000\nd = true\ne = ""\n"f g" = "x"`)).toEqual({
      a: 'C:\\x "y"',
      b: "1.5",
      c: "1000",
      d: "true",
      e: "",
      "f g": "x",
    });
    expect(read("")).toEqual({});
  });

  it.each([
    ["a = 1979-05-27", "tool_vars.a", "found a date"],
    ["a = 12345678901234567890", "tool_vars.a", "must be text"],
    ["a = nan", "tool_vars.a", "found NaN"],
    ["a = ['x']", "tool_vars.a", "found a list"],
    ["a.b = 'x'", "tool_vars.a", "found a table"],
    ['a = "\\u0000"', "tool_vars.a", "holds a NUL"],
    ["'a=b' = 'x'", 'tool_vars."a=b"', "cannot be the name of a variable"],
  ])("refuses %j", (text, key, message) => {
    const error = pocketFault(() => read(`[tool_vars]\n${text}`));
    expect(error.details).toMatchObject({ file: "test.toml", key });
    expect(error.message).toContain(message);
  });

  it("tells no value, which may be a secret", () => {
    const error = pocketFault(() => read('[tool_vars]\na = "hunter2\\u0000"'));
    expect(JSON.stringify([error, error.message])).not.toContain("hunter2");
  });
});

describe("isVariableName()", () => {
  it.each([
    ["unit", true],
    ["my-unit.x", true],
    ["", false],
    ["a=b", false],
    ["a\0", false],
    ["\uD800", false],
  ])("%j: %j", (name, isName) => expect(isVariableName(name)).toBe(isName));
});

describe("isVariableValue()", () => {
  it.each([
    ["", true],
    ["a\n${b}😀", true],
    ["a\0b", false],
    ["\uDC00", false],
  ])("%j: %j", (value, isValue) => expect(isVariableValue(value)).toBe(isValue));
});
