/** Components for tests, made by wasm-tools as jco ships it: of WIT, with functions that trap, or of text. */
import { componentEmbed, componentNew, parse } from "@bytecodealliance/jco-transpile/wasm-tools";

/** A component of the world that does nothing but have its types. */
export async function buildDummy(witSource: string): Promise<Uint8Array> {
  const module = await componentEmbed({ dummy: true, witSource });
  return componentNew(module, []);
}

/** A component in WebAssembly's text format. */
export async function assemble(text: string): Promise<Uint8Array> {
  return parse(text);
}

/** The component with one more custom section. */
export function withCustomSection(component: Uint8Array, name: string, content: Uint8Array): Uint8Array {
  const label = new TextEncoder().encode(name);
  const length = 1 + label.length + content.length;
  const head = [0, ...toLeb(length), label.length, ...label];
  return Uint8Array.from([...component, ...head, ...content]);
}

function toLeb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...toLeb(value >>> 7)];
}
