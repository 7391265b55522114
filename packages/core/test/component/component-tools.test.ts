/** Components as manifests: their tools, names, imports and policies. */
import { assembleComponent, buildDummy } from "@toolpocket/test-kit/build-component";
import { beforeAll, describe, expect, test } from "vitest";
import { readComponentTools } from "../../src/component/component-tools.ts";
import type { Manifest } from "../../src/manifest/manifest.ts";
import { readManifest } from "../../src/manifest/read-manifest.ts";
import { toolFiles } from "../manifest/tool-files.ts";
import { pocketFault } from "../pocket-fault.ts";

const CALCULATOR = `package local:my-tool;

/// Example world for a simple calculator tool
world calculator {
    /// Add two numbers and return the result
    export add: func(a: f64, b: f64) -> result<f64, string>;

    /// Perform a calculation from a string expression
    export calculate: func(expression: string) -> result<string, string>;
}
`;
const TWICE = `package local:twice;
interface files { resource file { constructor(); } count: func(all: list<string>) -> u32; open: func() -> file; }
interface words { count: func(text: string) -> u32; }
world twice { export files; export words; }
`;

let calculator: Uint8Array;
let twice: Uint8Array;
beforeAll(async () => {
  [calculator, twice] = await Promise.all([buildDummy(CALCULATOR), buildDummy(TWICE)]);
});

function toolsOf(manifest: Manifest) {
  return manifest.runtime === "component" ? (manifest.entry.content?.tools ?? []) : [];
}

const config = (component: string): string => `name = "calc"\ndescription = "Calculates."\n[component]\n${component}\n`;

describe("readManifest() of a component", () => {
  test("needs nothing but the component, and takes its words from the WIT beside it", () => {
    const manifest = readManifest(toolFiles({ "calculator.wasm": calculator, "wit/world.wit": CALCULATOR }));
    expect(manifest).toMatchObject({
      file: "calculator.wasm",
      name: "calculator",
      description: "Example world for a simple calculator tool",
      runtime: "component",
    });
    expect(toolsOf(manifest)).toMatchObject([
      {
        name: "add",
        description: "Add two numbers and return the result",
        inputSchema: { required: ["a", "b"], additionalProperties: false },
        outputSchema: { type: ["number", "string"] },
      },
      { name: "calculate", outputSchema: { type: "string" } },
    ]);
    expect(manifest.inputSchema).toMatchObject({ tools: { add: { description: /Add/u }, calculate: {} } });
  });

  test("takes tools = [ … ] of config.toml as a choice", () => {
    const files = { "config.toml": config('module = "c.wasm"\ntools = ["calculate"]'), "c.wasm": calculator };
    const manifest = readManifest(toolFiles(files));
    expect(manifest).toMatchObject({ name: "calc", description: "Calculates." });
    expect(toolsOf(manifest).map(({ name }) => name)).toEqual(["calculate"]);
  });

  test.each<[string, string, RegExp]>([
    ['tools = ["calculat"]', "c.wasm", /exports no function "calculat", did you mean "calculate"/u],
    ['tools = ["files/open"]', "twice.wasm", /files\/open returns the resource file/u],
    ['tools = ["count"]', "twice.wasm", /exports "count" 2 times/u],
    ["", "twice.wasm", /2 tools of the name "count": files\/count and words\/count/u],
  ])("refuses %j of %s with ERR_POCKET_COMPONENT_REFUSED", (tools, module, message) => {
    const files = {
      "config.toml": config(`module = "${module}"\n${tools}`),
      "c.wasm": calculator,
      "twice.wasm": twice,
    };
    const fault = pocketFault(() => readManifest(toolFiles(files)));
    expect(fault).toMatchObject({ code: "ERR_POCKET_COMPONENT_REFUSED", message: expect.stringMatching(message) });
  });

  test("tells a function by its interface where two have one name", () => {
    const files = { "config.toml": config('tools = ["words/count"]'), "twice.wasm": twice };
    expect(toolsOf(readManifest(toolFiles(files)))).toMatchObject([
      { name: "count", inputSchema: { required: ["text"] } },
    ]);
  });

  test("tells modules from components", async () => {
    const module = await assembleComponent("(module)");
    const asComponent = { "config.toml": config('module = "m.wasm"'), "m.wasm": module };
    expect(pocketFault(() => readManifest(toolFiles(asComponent))).message).toContain("is a module, not a component");
    const asModule = {
      "config.toml": config('module = "c.wasm"').replace("[component]", "[wasm]"),
      "c.wasm": calculator,
    };
    expect(pocketFault(() => readManifest(toolFiles(asModule)))).toMatchObject({
      code: "ERR_POCKET_MANIFEST_INVALID",
      hint: expect.stringContaining('language = "component"'),
    });
  });

  test("refuses a component that is cut off, in words of its own", () => {
    const fault = pocketFault(() => readManifest(toolFiles({ "c.wasm": calculator.slice(0, 200) })));
    expect(fault).toMatchObject({
      code: "ERR_POCKET_COMPONENT_REFUSED",
      message: expect.stringContaining("malformed"),
    });
  });
});

const HOSTED = `package local:hosted;
world hosted {
  import wasi:clocks/wall-clock@0.2.0;
  import wasi:http/types@0.2.3;
  import wasi:filesystem/preopens@0.2.0;
  import wasi:sockets/udp@0.2.0;
  import wasi:config/store@0.2.0-rc.1;
  import notes;
  IMPORT
  export run: func();
}
interface notes { record note { text: string } }
interface private { ask: func() -> string; }
package wasi:clocks@0.2.0 { interface wall-clock { now: func() -> u64; } }
package wasi:clocks@0.3.0 { interface wall-clock { now: func() -> u64; } }
package wasi:http@0.2.3 { interface types { http: func(); } }
package wasi:filesystem@0.2.0 { interface preopens { get: func(); } }
package wasi:sockets@0.2.0 { interface udp { bind: func(); } }
package wasi:config@0.2.0-rc.1 { interface store { get: func(); } }
`;

describe("readComponentTools()", () => {
  test("leaves out what a component was built with", async () => {
    const init =
      "init: func(shim: string, script: string, entry-path: option<string>, disable-gc: bool) -> result<_, string>";
    const bytes = await buildDummy(`package local:built;\nworld built { export ${init}; export run: func(); }\n`);
    expect(readComponentTools(bytes, { name: "built" }).tools.map(({ name }) => name)).toEqual(["run"]);
  });

  test("tells what is provided, what needs a grant, what is refused", async () => {
    const bytes = await buildDummy(HOSTED.replace("IMPORT", ""));
    expect(readComponentTools(bytes, { name: "hosted" }).imports).toEqual([
      { name: "wasi:clocks/wall-clock@0.2.0", state: "provided" },
      { name: "wasi:http/types@0.2.3", state: "network" },
      { name: "wasi:filesystem/preopens@0.2.0", state: "storage" },
      { name: "wasi:sockets/udp@0.2.0", state: "refused" },
      { name: "wasi:config/store@0.2.0-rc.1", state: "provided" },
    ]);
  });

  test.each(["private", "wasi:clocks/wall-clock@0.3.0"])("refuses the import of %s before any call", async (name) => {
    const bytes = await buildDummy(HOSTED.replace("IMPORT", `import ${name};`));
    const fault = pocketFault(() => readComponentTools(bytes, { name: "hosted" }));
    expect(fault).toMatchObject({ code: "ERR_POCKET_COMPONENT_REFUSED" });
    expect(fault.message).toContain(
      `imports what nobody provides here: ${name === "private" ? "local:hosted/private" : name}`,
    );
  });
});
