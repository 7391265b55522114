import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSharedVariables, resolveVariables } from "../src/variables.ts";
import { pocketFault } from "./pocket-fault.ts";

const DECLARED = { unit: "metric", language: "en" };

describe("resolveVariables()", () => {
  it("prefers code, then the tool's settings, then shared settings, then the tool's own values", () => {
    const sources = { tool: "weather", declared: { a: "tool", b: "tool", c: "tool", d: "tool" } };
    const settings = { a: "shared", b: "shared", c: "shared" };
    const toolSettings = { a: "settings", b: "settings" };
    expect(resolveVariables({ ...sources, settings, toolSettings, code: { a: "code" } })).toEqual({
      a: "code",
      b: "settings",
      c: "shared",
      d: "tool",
    });
  });

  it("gives a tool only the shared variables that it declares", () => {
    expect(resolveVariables({ tool: "weather", declared: DECLARED, settings: { unit: "si", other: "x" } })).toEqual({
      unit: "si",
      language: "en",
    });
  });

  it("leaves any text as it is", () => {
    const text = fc.string({ unit: "binary" }).filter((value) => value.isWellFormed() && !value.includes("\0"));
    fc.assert(
      fc.property(text, (unit) => {
        expect(resolveVariables({ tool: "w", declared: DECLARED, code: { unit } })).toEqual({ ...DECLARED, unit });
        expect(resolveVariables({ tool: "w", declared: DECLARED, settings: { unit } })).toEqual({ ...DECLARED, unit });
      }),
    );
  });

  it.each([
    "\"quotes\" and 'more'",
    "C:\\new\\table",
    "${process.exit()}",
    "</script><script>",
    "`tick`",
    "a\nb\r\n",
    "😀",
  ])("leaves %j as it is", (unit) => {
    expect(resolveVariables({ tool: "w", declared: DECLARED, toolSettings: { unit } })).toEqual({ ...DECLARED, unit });
  });

  it("matches a name of the settings without regard to case where none is declared as written", () => {
    expect(resolveVariables({ tool: "w", declared: DECLARED, settings: { UNIT: "si" } })).toMatchObject({ unit: "si" });
    expect(resolveVariables({ tool: "w", declared: DECLARED, toolSettings: { UNIT: "si" } })).toMatchObject({
      unit: "si",
    });
    const both = { unit: "exact", UNIT: "capitals" };
    expect(resolveVariables({ tool: "w", declared: DECLARED, settings: both })).toMatchObject({ unit: "exact" });
  });

  it("does not guess when two declared names differ in case alone", () => {
    const declared = { unit: "a", Unit: "b" };
    expect(resolveVariables({ tool: "w", declared, settings: { UNIT: "x" } })).toEqual(declared);
  });

  it.each([
    ["code", { code: { unti: "x" } }, 'toolVars sets the variable "unti"'],
    ["[tools.X]", { toolSettings: { unti: "x" } }, '[tools.weather] sets the variable "unti"'],
  ])(
    "throws ERR_POCKET_VARIABLE_UNKNOWN with the nearest name when %s sets an unknown one",
    (_where, sources, message) => {
      const error = pocketFault(() => resolveVariables({ tool: "weather", declared: DECLARED, ...sources }));
      expect(error).toMatchObject({
        code: "ERR_POCKET_VARIABLE_UNKNOWN",
        details: { tool: "weather", variable: "unti", nearest: "unit" },
      });
      expect(error.message).toContain(message);
      expect(error.message).toContain('did you mean "unit"?');
    },
  );

  it("says what the tool declares when no name is near", () => {
    const far = pocketFault(() => resolveVariables({ tool: "w", declared: DECLARED, code: { zzzzzzzz: "x" } }));
    expect(far.hint).toContain("unit, language");
    const none = pocketFault(() => resolveVariables({ tool: "w", declared: {}, code: { unit: "x" } }));
    expect(none.hint).toContain("declares none");
  });

  it.each([["a\0b"], ["\uD800"], [5 as unknown as string]])("refuses the value %j that code gives", (unit) => {
    const error = pocketFault(() => resolveVariables({ tool: "w", declared: DECLARED, code: { unit } }));
    expect(error).toMatchObject({ code: "ERR_POCKET_SETTINGS_INVALID", details: { tool: "w", variable: "unit" } });
  });

  it("does not find variables that every object inherits", () => {
    const error = pocketFault(() => resolveVariables({ tool: "w", declared: DECLARED, code: { constructor: "x" } }));
    expect(error.code).toBe("ERR_POCKET_VARIABLE_UNKNOWN");
  });
});

describe("checkSharedVariables()", () => {
  it("accepts a variable that one tool of several declares, in any case", () => {
    const declared = [{ a: "1" }, DECLARED];
    expect(() =>
      checkSharedVariables({ file: "settings.toml", settings: { UNIT: "x", a: "y" }, declared }),
    ).not.toThrow();
  });

  it("throws ERR_POCKET_VARIABLE_UNKNOWN with the nearest name when no tool declares it", () => {
    const declared = [{ a: "1" }, DECLARED];
    const error = pocketFault(() =>
      checkSharedVariables({ file: "settings.toml", settings: { unnit: "x" }, declared }),
    );
    expect(error).toMatchObject({
      code: "ERR_POCKET_VARIABLE_UNKNOWN",
      details: { file: "settings.toml", key: "tool_vars.unnit", nearest: "unit" },
      hint: "write unit",
    });
  });
});
