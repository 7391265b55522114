/** `node:module`: the loader's own class, with the functions that Node exports beside it. */
import { unavailable } from "../errors/node-error.ts";
import type { Exports } from "../node-realm.ts";

/** @param Module the CommonJS loader's class */
export function createModuleModule(Module: Exports): Exports {
  const refuse = (name: string) => (): never => {
    throw unavailable(`module.${name}`);
  };
  return Object.assign(Module, {
    findPackageJSON: () => undefined,
    stripTypeScriptTypes: refuse("stripTypeScriptTypes"),
    register: refuse("register"),
    registerHooks: refuse("registerHooks"),
    enableCompileCache: () => ({ status: 3 }),
    constants: { compileCacheStatus: {} },
    findSourceMap: () => undefined,
  });
}
