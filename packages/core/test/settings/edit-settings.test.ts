import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { removeTool, setTool } from "../../src/settings/edit-settings.ts";
import { renderAssignment, renderSection } from "../../src/settings/render-toml.ts";
import { parseToml, type TomlTable, type TomlValue } from "../../src/toml.ts";
import { pocketFault } from "../pocket-fault.ts";
import { anyTomlValue } from "./toml-arbitrary.ts";

const parse = (text: string) => parseToml(text, { file: "settings.toml", code: "ERR_POCKET_SETTINGS_INVALID" });

const SETTINGS = `# The agent's settings
log_level = "debug" # be loud

# What tells the weather
[tools.weather]   # from acme
git  = "https://github.com/acme/tools" # theirs
ref = "main"
# pinned by pocket.lock

# For all tools
[tool_vars]
unit = "metric"

[tools."notes"]
local = "./notes"

[tools.notes.tool_vars]
size = 5
# the end
`;

describe("setTool()", () => {
  it("puts a new tool behind the others and changes nothing else", () => {
    const edited = setTool(SETTINGS, "search", { git: "https://git.example/x", tool_vars: { unit: "si" } });
    expect(edited).toBe(`${SETTINGS}\n[tools.search]\ngit = "https://git.example/x"\ntool_vars = { unit = "si" }\n`);
  });

  it("changes only the keys of a tool that differ, and keeps their comments", () => {
    const edited = setTool(SETTINGS, "weather", { git: "https://git.example/x", path: "weather" });
    expect(edited).toBe(
      SETTINGS.replace('"https://github.com/acme/tools" #', '"https://git.example/x" #').replace(
        'ref = "main"\n',
        'path = "weather"\n',
      ),
    );
  });

  it("replaces a table of a tool that was written as a section", () => {
    const edited = setTool(SETTINGS, "notes", { local: "./notes", tool_vars: { size: "6" } });
    expect(edited).toBe(
      SETTINGS.replace(
        'local = "./notes"\n\n[tools.notes.tool_vars]\nsize = 5\n',
        'local = "./notes"\ntool_vars = { size = "6" }\n\n',
      ),
    );
  });

  it("gives back the same text when nothing differs", () => {
    const same = { git: "https://github.com/acme/tools", ref: "main" };
    expect(setTool(SETTINGS, "weather", same)).toBe(SETTINGS);
  });

  it("stands before the table that follows the last tool, whose comments stay with it", () => {
    const text = '[tools.a]\nlocal = "a"\n# of a\n\n# of the variables\n[tool_vars]\nx = "1"\n';
    expect(setTool(text, "b", { local: "b" })).toBe(
      '[tools.a]\nlocal = "a"\n# of a\n\n[tools.b]\nlocal = "b"\n\n# of the variables\n[tool_vars]\nx = "1"\n',
    );
  });

  it.each([
    ["an empty text", "", '[tools.b]\nlocal = "b"\n'],
    ["a text without a last line feed", "x = 1", 'x = 1\n\n[tools.b]\nlocal = "b"\n'],
    ["CRLF and a byte order mark", "\uFEFFx = 1\r\n", '\uFEFFx = 1\r\n\r\n[tools.b]\r\nlocal = "b"\r\n'],
    ["dotted keys", 'tools.a.local = "a"\n', 'tools.a.local = "a"\n\n[tools.b]\nlocal = "b"\n'],
    [
      "inline tables",
      '[tools]\na = { local = "a" } # a\n',
      '[tools]\na = { local = "a" } # a\n\n[tools.b]\nlocal = "b"\n',
    ],
    [
      "all tools in one inline table",
      '# mine\ntools = { a = { local = "a" } }\n[tool_vars]\n',
      '# mine\n[tool_vars]\n\n[tools.a]\nlocal = "a"\n\n[tools.b]\nlocal = "b"\n',
    ],
  ])("knows %s", (_what, text, edited) => {
    expect(setTool(text, "b", { local: "b" })).toBe(edited);
  });

  it.each([
    ['tools.a.local = "a"\ntools.c.local = "c"\n', 'tools.c.local = "c"\n\n[tools.a]\nlocal = "z"\n'],
    ['[tools]\na.local = "a"\nc.local = "c"\n', '[tools]\nc.local = "c"\n\n[tools.a]\nlocal = "z"\n'],
  ])("makes a section of a changed tool in %j", (text, edited) => {
    expect(setTool(text, "a", { local: "z" })).toBe(edited);
  });

  it.each([
    ["[tools", "is not valid TOML"],
    ["tools = 5", '"tools" is not a table'],
    ["[[tools]]\nname = 'x'", '"tools" is not a table'],
  ])("throws ERR_POCKET_SETTINGS_INVALID when the text is %j", (text, message) => {
    const error = pocketFault(() => setTool(text, "a", {}));
    expect(error.code).toBe("ERR_POCKET_SETTINGS_INVALID");
    expect(error.message).toContain(message);
  });
});

describe("removeTool()", () => {
  it("removes the section and keeps the comments around it", () => {
    expect(removeTool(SETTINGS, "weather")).toBe(SETTINGS.replace(/\[tools\.weather\][^]*ref = "main"\n/u, ""));
  });

  it("removes the sections inside of it", () => {
    expect(removeTool(SETTINGS, "notes")).toBe(SETTINGS.replace(/\[tools\."notes"\][^]*size = 5\n/u, ""));
  });

  it("gives back the same text when there is no such tool", () => {
    expect(removeTool(SETTINGS, "none")).toBe(SETTINGS);
    expect(removeTool("", "none")).toBe("");
  });
});

type Form = "section" | "sections" | "dotted" | "inline";
interface WrittenTool {
  readonly table: TomlTable;
  readonly form: Form;
}

const anyTable = fc.dictionary(fc.constantFrom("git", "local", "ref", "tool_vars", "allow"), anyTomlValue, {
  minKeys: 1,
});
const anyName = fc.constantFrom("weather", "notes", "search", "my-tool");
const anyTools = fc.dictionary(
  anyName,
  fc.record({ table: anyTable, form: fc.constantFrom<Form>("section", "sections", "dotted", "inline") }),
);

const isTable = (value: TomlValue): value is TomlTable => typeof value === "object" && !Array.isArray(value);

/** A file with tools in all forms, each with a comment of its own, between other tables. */
function renderSettings(tools: Readonly<Record<string, WrittenTool>>): string {
  const top: string[] = ["# first comment", 'log_level = "debug" # loud'];
  const rest: string[] = [];
  for (const [name, { table, form }] of Object.entries(tools)) {
    if (form === "dotted")
      top.push(...Object.entries(table).map(([key, value]) => `tools.${name}.${renderAssignment(key, value)}`));
    else if (form === "inline") top.push(`tools.${renderAssignment(name, table)}`);
    else if (form === "section")
      rest.push(
        `# about ${name}`,
        ...renderSection(["tools", name], table),
        "",
        `[other.${name}] # other`,
        "x = 1",
        "",
      );
    else {
      const inner = Object.entries(table).filter(([, value]) => isTable(value));
      const own = Object.entries(table).filter(([, value]) => !isTable(value));
      rest.push(...renderSection(["tools", name], Object.fromEntries(own)), "");
      for (const [key, value] of inner) rest.push(...renderSection(["tools", name, key], value as TomlTable), "");
    }
  }
  return [...top, "", ...rest, "[tool_vars]", 'unit = "metric" # last comment', ""].join("\n");
}

describe("setTool() and removeTool() of any settings", () => {
  it("say what they should and keep every comment outside of the tool", () => {
    fc.assert(
      fc.property(anyTools, anyName, fc.option(anyTable), (tools, name, table) => {
        const text = renderSettings(tools);
        const before = parse(text);
        const others = Object.fromEntries(Object.entries(tools).filter(([other]) => other !== name));
        const edited = table === null ? removeTool(text, name) : setTool(text, name, table);

        const kept = Object.fromEntries(Object.entries(others).map(([other, written]) => [other, written.table]));
        const { tools: after = {}, ...rest } = parse(edited);
        expect(after).toEqual({ ...kept, ...(table !== null && { [name]: table }) });
        expect({ tools: before["tools"], ...rest }).toEqual({ tools: before["tools"], ...before });
        const comments = [
          "# first comment",
          "# loud",
          "# last comment",
          ...Object.entries(others).flatMap(([other, { form }]) =>
            form === "section" ? [`# about ${other}`, `[other.${other}] # other`] : [],
          ),
        ];
        for (const comment of comments) expect(edited).toContain(comment);
        expect(edited).not.toMatch(/\n\n\n/u);
      }),
      { numRuns: 500 },
    );
  });

  it("undo each other", () => {
    fc.assert(
      fc.property(anyTools, anyTable, (tools, table) => {
        const text = renderSettings(tools);
        const { tools: after = {}, ...rest } = parse(removeTool(setTool(text, "fresh", table), "fresh"));
        const { tools: before = {}, ...others } = parse(text);
        expect([after, rest]).toEqual([before, others]);
      }),
    );
  });
});
