/** The package `tools` in Python: how its functions are found and called, and what is told where they are not. */
import type { JsonSchema, ToolInfo } from "@toolpocket/core";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createToolCatalog } from "../src/tool-catalog.ts";
import { type Python, startPython } from "./python.ts";

function toolOf(
  name: string,
  properties: JsonSchema = {},
  description = `Does ${name}. And more.`,
  more: JsonSchema = {},
): ToolInfo {
  return {
    name,
    description,
    inputSchema: { type: "object", properties, ...more },
    runtime: "function",
    source: "function",
    permissions: { asked: {}, granted: {} },
  };
}

const TOOLS: readonly ToolInfo[] = [
  toolOf(
    "weather",
    { city: { type: "string" }, "air-quality": { type: "boolean" }, unit: { type: "string", default: "c" } },
    "Tells the weather.",
    { required: ["city", "unit"] },
  ),
  toolOf("getWeather"),
  toolOf("getweather"),
  toolOf("github.issues.create", { title: { type: "string" } }, "Opens an issue in a repository."),
  toolOf("github.issues.list", {}, "Lists issues."),
  toolOf("mcp__slack__post-message", { class: { type: "string" } }, "Posts a message."),
  toolOf("search_tools"),
  toolOf("math", { args: { type: "array" } }),
  toolOf("math/add", { a: { type: "number" }, b: { type: "number" } }),
];

let python: Python;
let modules: Readonly<Record<string, string>>;
beforeAll(async () => {
  python = await startPython();
  ({ modules } = await createToolCatalog(TOOLS));
}, 60_000);
beforeEach(() => python.install(modules));

describe("calls", () => {
  it.each<[string, unknown]>([
    ["from tools import weather\nweather(city='Seoul')", ["weather", { city: "Seoul", unit: "c" }]],
    [
      "import tools\ntools.weather('Seoul', air_quality=True, unit='f')",
      ["weather", { city: "Seoul", "air-quality": true, unit: "f" }],
    ],
    ["from tools.github.issues import create\ncreate(title='x')", ["github.issues.create", { title: "x" }]],
    ["import tools.github\ntools.github.issues.list()", ["github.issues.list", {}]],
    ["import tools\ntools.mcp.slack.post_message(class_='x')", ["mcp__slack__post-message", { class: "x" }]],
    ["from tools import *\ngetWeather()", ["getWeather", {}]],
    ["from tools import *\ngetweather()", ["getweather", {}]],
    ["from tools import search_tools_\nsearch_tools_()", ["search_tools", {}]],
    ["from tools import math\nmath(args=[1, 2])", ["math", { args: [1, 2] }]],
    ["from tools import math\nmath.add(a=1, b=2)", ["math/add", { a: 1, b: 2 }]],
  ])("reach the tool with what was given and no more: %s", (code, call) => {
    python.evaluate(`${code}\nNone`);
    expect(python.evaluate("calls")).toEqual([call]);
  });

  it("give a coroutine where they are awaited", () => {
    expect(
      python.evaluate(
        "import inspect, tools\nc = tools.weather.__pocket_async__(city='x')\nok = inspect.iscoroutine(c)\nc.close()\nok",
      ),
    ).toBe(true);
  });

  it.each([
    ["tools.weather()", "TypeError: weather() missing 1 required positional argument: 'city'"],
    ["tools.weather(cty='x')", "TypeError: weather() got an unexpected keyword argument 'cty'. Did you mean 'city'?"],
    ["tools.wether(city='x')", "AttributeError: there is no tool 'wether'. Did you mean: 'weather'?"],
    [
      "tools.github.nothing()",
      "AttributeError: there is no tool 'github.nothing': search_tools(query) finds what there is",
    ],
    ["tools.list()", "AttributeError: there is no tool 'list', did you mean 'github.issues.list'?"],
    [
      "from tools import nothing_like_it",
      "ImportError: cannot import name 'nothing_like_it' from 'tools' (/tool/tools/__init__.py)",
    ],
  ])("say what is wrong: %s", (code, fault) => {
    expect(python.fault(`import tools\n${code}`)).toBe(fault);
    expect(python.evaluate("calls")).toEqual([]);
  });

  it("have the tool's words and types for help() and inspect", () => {
    expect(
      python.evaluate(
        "import inspect, tools\n[tools.weather.__doc__.split('.')[0], list(inspect.signature(tools.weather).parameters)]",
      ),
    ).toEqual(["Tells the weather", ["city", "air_quality", "unit"]]);
  });

  it("go on without types when one stub is broken, and the others are whole", () => {
    python.install({ ...modules, "tools/stubs/weather.py": "def weather(:" });
    python.evaluate("import tools\ntools.weather(city='x', unit='c')\ntools.getWeather()\nNone");
    expect(python.evaluate("calls")).toEqual([
      ["weather", { city: "x", unit: "c" }],
      ["getWeather", {}],
    ]);
    expect(python.evaluate("tools.weather.__doc__")).toContain("types are not known");
  });
});

describe("discovery", () => {
  it("list_tools() gives groups, and the tools of one", () => {
    expect(python.evaluate("import tools\ntools.list_tools()")).toEqual({
      other: 5,
      github: 2,
      mcp: 1,
      math: 1,
    });
    expect(python.evaluate("tools.list_tools('github')")).toEqual({
      "github.issues.create": "Opens an issue in a repository.",
      "github.issues.list": "Lists issues.",
    });
    expect(python.fault("import tools\ntools.list_tools('x')")).toContain("the groups are github, math");
  });

  it("search_tools() gives the best first, in the detail that is asked", () => {
    expect(python.evaluate("import tools\ntools.search_tools('create github issue', detail='name')")).toEqual([
      "github.issues.create",
      "github.issues.list",
    ]);
    expect(python.evaluate("tools.search_tools('weather', limit=1)")).toEqual({ weather: "Tells the weather." });
    expect(python.evaluate("tools.search_tools('post', detail='stub')")).toEqual({
      "mcp.slack.post_message": expect.stringContaining("def post_message(*, class_: str = ..."),
    });
    expect(python.fault("import tools\ntools.search_tools('a', detail='all')")).toContain('"summary"');
  });

  it("read_stub() takes a path or the tool's own name", () => {
    const stub = python.evaluate("import tools\ntools.read_stub('github.issues.create')");
    expect(stub).toBe(python.evaluate("tools.read_stub('tools.github.issues.create')"));
    expect(python.evaluate("tools.read_stub('mcp__slack__post-message')")).toContain("Posts a message.");
    expect(python.fault("import tools\ntools.read_stub('wether')")).toContain("did you mean 'weather'");
  });
});

describe("createToolCatalog()", () => {
  it.each([
    ["get-weather", "get_weather"],
    ["a.b", "a/b"],
    ["ﬁnd", "find"],
  ])("throws ERR_POCKET_TOOL_DUPLICATE with both names when %s and %s are the same in Python", async (one, other) => {
    await expect(createToolCatalog([toolOf(one), toolOf(other)])).rejects.toMatchObject({
      code: "ERR_POCKET_TOOL_DUPLICATE",
      message: expect.stringMatching(`"${one}" and "${other}"`),
    });
  });
});
