/** Components for tests: of WIT alone, of WebAssembly's text, of AssemblyScript, or of JavaScript on either of its engines. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { keepComponent } from "./kept-component.ts";

/** A component of the world that does nothing but have its types: its functions trap. */
export async function buildDummy(witSource: string): Promise<Uint8Array> {
  return componentNew(await componentEmbed({ dummy: true, witSource }), []);
}

/** A component in WebAssembly's text format, or a module. */
export async function assembleComponent(text: string): Promise<Uint8Array> {
  return parse(text);
}

/** A component of the WIT text's one world, its functions in AssemblyScript by the names and types of the canonical ABI. */
export async function buildAssemblyScriptComponent(witSource: string, source: string): Promise<Uint8Array> {
  const { default: compiler } = await import("assemblyscript/asc");
  let binary: Uint8Array | undefined;
  const { error, stderr } = await compiler.main(
    ["component.ts", "--outFile", "component.wasm", "--runtime", "stub", "--use", "abort=", "-O2"],
    {
      readFile: (name) => (name === "component.ts" ? source : null),
      writeFile: (name, content) => {
        if (name.endsWith(".wasm") && typeof content !== "string") binary = content;
      },
      listFiles: () => [],
    },
  );
  if (error || binary === undefined) throw new Error(`AssemblyScript made no module: ${stderr.toString()}`);
  return componentNew(await componentEmbed({ binary, witSource }), []);
}

/** A component of a world of the WIT text, written in JavaScript: about 1 MB, made in two seconds and kept. */
export function buildJsComponent(wit: string, source: string, world?: string): Promise<Uint8Array> {
  return keepComponent([QUICKJS_VERSION, wit, source, world], () => componentizeJs(wit, source, world));
}

/** Of componentize-qjs: another version makes another component. */
const QUICKJS_VERSION = "0.4.5";

async function componentizeJs(wit: string, jsSource: string, world: string | undefined): Promise<Uint8Array> {
  const { componentize } = await import("componentize-qjs");
  const folder = await mkdtemp(join(tmpdir(), "js-component-"));
  try {
    await writeFile(join(folder, "world.wit"), wit);
    // Without `sync` it makes a component of WASI 0.3.
    const options = { witPath: folder, jsSource, sync: true, optSize: true, ...(world !== undefined && { world }) };
    return new Uint8Array((await componentize(options)).component);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same with componentize-js, whose engine is StarlingMonkey: 12 MB, made in three seconds and kept. */
export function buildStarlingMonkeyComponent(wit: string, source: string, worldName: string): Promise<Uint8Array> {
  return keepComponent(["componentize-js", wit, source, worldName], async () => {
    const { componentize } = await import("@bytecodealliance/componentize-js");
    const folder = await mkdtemp(join(tmpdir(), "starling-monkey-component-"));
    try {
      const [witPath, sourcePath] = [join(folder, "world.wit"), join(folder, "component.js")];
      await Promise.all([writeFile(witPath, wit), writeFile(sourcePath, source)]);
      return (await componentize({ witPath, sourcePath, worldName })).component;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** The component with one more custom section. */
export function withCustomSection(component: Uint8Array, name: string, content: Uint8Array): Uint8Array {
  const label = new TextEncoder().encode(name);
  const length = 1 + label.length + content.length;
  return Uint8Array.from([...component, 0, ...toLeb(length), label.length, ...label, ...content]);
}

function toLeb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...toLeb(value >>> 7)];
}
