/** What the bundle of a tool's ES modules gets from outside, as `$tp`: builtins, CommonJS, import.meta, import(). */
import { TOOL_ROOT, resolvePath } from "../../../../node-resolution/module-tree.ts";
import { resolveModule } from "../../../../node-resolution/resolve-module.ts";
import { createNodeError } from "../errors/node-error.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";
import type { CommonJsLoader } from "./common-js-loader.ts";

export interface ModuleScope {
  builtin(name: string): Exports;
  require(path: string): Exports;
  meta(path: string): object;
  import(specifier: unknown, importer: string): Promise<Exports>;
  missing(message: string): never;
  /** An ES module that the guest may be asked for, and its two ways to load. */
  module(path: string, load: () => Promise<Exports>, loadSync?: () => Exports): void;
  /** JavaScript of a CommonJS module that was written in TypeScript. */
  source(path: string, code: string, sourceMap: string): void;
  main(namespace: Exports): void;
}

export interface EsModules {
  readonly scope: ModuleScope;
  /** Whether the bundle has an ES module at `path`. */
  has(path: string): boolean;
  /** The exports of the ES module at `path`, for a `require`. */
  require(path: string): Exports;
  /** `import(specifier)` as written in the module at `importer`. */
  import(specifier: unknown, importer: string): Promise<Exports>;
  /** The entry's namespace, once it is evaluated. */
  readonly main: Exports;
}

export interface EsModulesOptions {
  readonly entryPath: string;
  readonly addSourceMap: (script: string, sourceMap: string) => void;
}

export function createEsModules(
  realm: NodeRealm,
  commonJs: () => CommonJsLoader,
  { entryPath, addSourceMap }: EsModulesOptions,
): EsModules {
  const modules = new Map<string, { load: () => Promise<Exports>; loadSync: (() => Exports) | undefined }>();
  let main: Exports;

  function meta(path: string): object {
    const url = toFileUrl(path);
    return {
      __proto__: null,
      dirname: path.slice(0, path.lastIndexOf("/")) || "/",
      filename: path,
      main: path === entryPath,
      resolve: (specifier: string) => {
        const resolved = resolveModule(realm.files, specifier, path, "import");
        if (resolved.kind === "missing") throw notFound(resolved.reason);
        return resolved.kind === "builtin" ? `node:${resolved.name}` : toFileUrl(resolved.path);
      },
      url,
    };
  }

  async function dynamicImport(specifier: unknown, importer: string): Promise<Exports> {
    const resolved = resolveModule(realm.files, String(specifier), importer, "import");
    if (resolved.kind === "missing") throw notFound(resolved.reason);
    if (resolved.kind === "builtin") return toNamespace(realm.builtin(resolved.name));
    const module = modules.get(resolved.path);
    if (module) return module.load();
    return toNamespace(commonJs().load(resolved.path));
  }

  return {
    scope: {
      builtin: (name) => realm.builtin(name),
      require: (path) => commonJs().load(path),
      meta,
      import: dynamicImport,
      missing: (message) => {
        throw createNodeError(Error, "ERR_MODULE_NOT_FOUND", message);
      },
      module: (path, load, loadSync) => void modules.set(path, { load, loadSync }),
      source: (path, code, sourceMap) => {
        commonJs().addSource(path, code);
        addSourceMap(path, sourceMap);
      },
      main: (namespace) => {
        main = namespace;
      },
    },
    has: (path) => modules.has(path),
    require(path) {
      const load = modules.get(path)?.loadSync;
      if (!load) throw createNodeError(Error, "ERR_REQUIRE_ESM", `require() of ES Module ${path} not supported`);
      const namespace = load();
      return Object.hasOwn(namespace, "module.exports") ? namespace["module.exports"] : namespace;
    },
    import: dynamicImport,
    get main() {
      return main;
    },
  };
}

/** `file:` URL of an absolute path. */
export function toFileUrl(path: string): string {
  return `file://${resolvePath(TOOL_ROOT, path)
    .split("/")
    .map((segment) => encodeURIComponent(segment).replaceAll("%40", "@").replaceAll("%2B", "+"))
    .join("/")}`;
}

function notFound(reason: string): Error {
  return createNodeError(Error, "ERR_MODULE_NOT_FOUND", `Cannot find ${reason}`);
}

function toNamespace(exports: Exports): Exports {
  const namespace: Exports = Object.create(null, { [Symbol.toStringTag]: { value: "Module" } });
  if ((typeof exports === "object" && exports !== null) || typeof exports === "function") {
    for (const name of Object.keys(exports)) {
      Object.defineProperty(namespace, name, { enumerable: true, get: () => exports[name] });
    }
  }
  return Object.defineProperty(namespace, "default", { enumerable: true, value: exports });
}
