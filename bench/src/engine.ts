/** The engine of this process, typed as far as the benchmark needs it: the types of Node have no WebAssembly. */

type Imports = Readonly<Record<string, object>>;

export interface EngineInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

interface Engine {
  compile(bytes: Uint8Array<ArrayBuffer>): Promise<EngineModule>;
  instantiate(module: EngineModule, imports: Imports): Promise<EngineInstance>;
  Module: new (bytes: Uint8Array<ArrayBuffer>) => EngineModule;
  Instance: new (module: EngineModule) => EngineInstance;
}

/** What the libraries call a module. */
export type EngineModule = WebAssembly.Module;

export const engine = Reflect.get(globalThis, "WebAssembly") as Engine;
