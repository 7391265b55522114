import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readEnvironmentLayer } from "../../src/settings/environment-layer.ts";

const FILES = {
  tools: { weather: { git: "x" }, "my-tool": { local: "y" } },
  tool_vars: { unit: "metric" },
};
const read = (environment: Readonly<Record<string, string | undefined>>) =>
  readEnvironmentLayer(environment, FILES).table;

describe("readEnvironmentLayer()", () => {
  it.each<[string, string, object]>([
    ["POCKET_TOOL_VARS__unit", "si", { tool_vars: { unit: "si" } }],
    ["POCKET_TOOL_VARS__UNIT", "si", { tool_vars: { unit: "si" } }],
    ["pocket_tool_vars__Unit", "si", { tool_vars: { unit: "si" } }],
    ["POCKET_TOOL_VARS__NEW", "x", { tool_vars: { NEW: "x" } }],
    ["POCKET_TOOL_VARS__a__b", "x", { tool_vars: { a__b: "x" } }],
    ["POCKET_TOOLS__WEATHER__REF", "1.0", { tools: { weather: { ref: "1.0" } } }],
    ["POCKET_TOOLS__MY_TOOL__TOOL_VARS__X", "1", { tools: { "my-tool": { tool_vars: { X: "1" } } } }],
    ["POCKET_TOOLS__NEW__GIT", "https://x", { tools: { NEW: { git: "https://x" } } }],
    [
      "POCKET_TOOLS__WEATHER__ALLOW__NETWORK",
      '["a.example"]',
      { tools: { weather: { allow: { network: ["a.example"] } } } },
    ],
    ["POCKET_TOOLS__WEATHER__LIMITS__TIMEOUT", "5s", { tools: { weather: { limits: { timeout: "5s" } } } }],
    [
      "POCKET_TOOLS__WEATHER__LIMITS__MAX_MEMORY_BYTES",
      "5",
      { tools: { weather: { limits: { max_memory_bytes: 5 } } } },
    ],
    [
      "POCKET_TOOLS__WEATHER__LIMITS__MAX_MEMORY_BYTES",
      "much",
      { tools: { weather: { limits: { max_memory_bytes: "much" } } } },
    ],
    ["POCKET_SECRETS__KEY__ENV", "KEY", { secrets: { KEY: { env: "KEY" } } }],
    ["POCKET_SECRETS__KEY", '{ env = "KEY" }', { secrets: { KEY: { env: "KEY" } } }],
    ["POCKET_BROWSER__PATH", "true", { browser: { path: "true" } }],
  ])("reads %s=%s", (variable, value, table) => {
    expect(read({ [variable]: value })).toEqual(table);
  });

  it.each(["POCKET_HOME", "POCKET_BROWSER", "POCKETS__X", "POCKET___X", "OTHER_TOOL_VARS__x"])(
    "leaves %s alone",
    (name) => {
      expect(read({ [name]: "x", unset: undefined })).toEqual({});
    },
  );

  it("leaves the value of a variable as it is", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, (value) => {
        expect(read({ POCKET_TOOL_VARS__unit: value })).toEqual({ tool_vars: { unit: value } });
      }),
    );
  });

  it("makes an own key of __proto__ and changes no object", () => {
    const table = read({ POCKET_TOOL_VARS____proto__: "x", POCKET_TOOLS____proto____GIT: "y" });
    expect(Object.keys(table["tool_vars"] ?? {})).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>)["git"]).toBeUndefined();
  });

  it("says which variable a key came from", () => {
    const { originOf } = readEnvironmentLayer({ POCKET_TOOLS__WEATHER__ALLOW: '{ network = ["x"] }' }, FILES);
    expect(originOf(["tools", "weather", "allow", "network"])).toBe(
      "the environment variable POCKET_TOOLS__WEATHER__ALLOW",
    );
    expect(originOf(["tools"])).toBe("the environment variable POCKET_TOOLS__WEATHER__ALLOW");
  });
});
