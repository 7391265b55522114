/** Components for tests: of WIT alone, of WebAssembly's text, or of JavaScript on the QuickJS engine. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";

/** A component of the world that does nothing but have its types: its functions trap. */
export async function buildDummy(witSource: string): Promise<Uint8Array> {
  return componentNew(await componentEmbed({ dummy: true, witSource }), []);
}

/** A component in WebAssembly's text format, or a module. */
export async function assembleComponent(text: string): Promise<Uint8Array> {
  return parse(text);
}

/** A component of the WIT files' one world, written in JavaScript; about 1 MB and two seconds. */
export async function buildJsComponent(wit: string, source: string): Promise<Uint8Array> {
  const { componentize } = await import("componentize-qjs");
  const folder = await mkdtemp(join(tmpdir(), "js-component-"));
  try {
    await writeFile(join(folder, "world.wit"), wit);
    // Without `sync` it makes a component of WASI 0.3.
    const built = await componentize({ witPath: folder, jsSource: source, sync: true, optSize: true });
    return new Uint8Array(built.component);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
