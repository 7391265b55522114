/** The engine under test, typed as far as the tests need it: the types of Node have no WebAssembly. */

export type Imports = Record<string, Record<string, unknown>>;
/** Functions mostly; a test that reads a memory or global says so. */
export type Exports = Record<string, (...values: unknown[]) => unknown>;

interface Engine {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (module: object, imports: Imports) => { exports: Exports };
  Tag: new (type: { parameters: string[] }) => object;
  RuntimeError: new (message: string) => Error;
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}

const engine = Reflect.get(globalThis, "WebAssembly") as Engine;

export const { RuntimeError, Tag } = engine;

export function isValid(bytes: Uint8Array<ArrayBuffer>): boolean {
  return engine.validate(bytes);
}

export function instantiate(bytes: Uint8Array<ArrayBuffer>, imports: Imports = {}): Exports {
  return new engine.Instance(new engine.Module(bytes), imports).exports;
}
