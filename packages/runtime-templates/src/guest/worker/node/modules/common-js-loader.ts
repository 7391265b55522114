/** Node's CommonJS loader: modules are compiled from the tool's files when they are first required, in sloppy mode. */
import { BUILTIN_MODULES, toBuiltinName } from "../../../../node-resolution/builtin-modules.ts";
import { parentFolder, resolvePath } from "../../../../node-resolution/module-tree.ts";
import { resolveModule } from "../../../../node-resolution/resolve-module.ts";
import { createNodeError } from "../errors/node-error.ts";
import { libraries } from "../libraries.ts";
import { evaluateGlobally } from "../natives.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";
import type { EsModules } from "./es-modules.ts";

export interface CommonJsLoader {
  /** Exports of the module at the absolute `path`. */
  load(path: string): Exports;
  /** Runs the module at `path` as the program's entry. */
  runMain(path: string): Exports;
  /** Compiles the module at `path` without running it. */
  compile(path: string): void;
  /** Uses `code` as the text of `path`. */
  addSource(path: string, code: string): void;
  /** Node's `Module`, the exports of `node:module`. */
  readonly Module: Exports;
}

type ModuleFunction = (...values: unknown[]) => unknown;
/** Takes what the module's `import()` calls; the module's own function has the arguments that Node gives it and no more. */
type ModuleFactory = (load: (specifier: unknown) => Promise<Exports>) => ModuleFunction;

/** What stands before a module's text; the stack traces take its length from the first line's columns. */
export const MODULE_HEADER = "(function ($imprt) { return function (exports, require, module, __filename, __dirname) {";

/** @param onSyntaxError is told of a module that does not compile, before the error is thrown */
export function createCommonJsLoader(
  realm: NodeRealm,
  esModules: () => EsModules,
  onSyntaxError: (error: unknown, path: string) => void,
): CommonJsLoader {
  const sources = new Map<string, string>();
  const compiled = new Map<string, ModuleFactory>();
  let main: Exports;

  function Module(this: Exports, id = "", parent?: Exports): void {
    this.id = id;
    this.path = id.startsWith("/") ? parentFolder(id) : ".";
    this.exports = {};
    this.filename = null;
    this.loaded = false;
    this.children = [];
    this.paths = [];
    Object.defineProperty(this, "parent", { value: parent, writable: true, configurable: true, enumerable: false });
    parent?.children?.push(this);
  }
  const Loader: Exports = Module;

  Loader.prototype.require = function (id: string): Exports {
    return Loader._load(id, this, false);
  };
  Loader.prototype._compile = function (text: string, path: string): Exports {
    const run = compileModule(text, path)((specifier) => esModules().import(specifier, path));
    const require = createRequire(this);
    return run.call(this.exports, this.exports, require, this, path, parentFolder(path));
  };
  Loader.prototype.load = function (path: string): void {
    this.filename = path;
    this.path = parentFolder(path);
    this.paths = nodeModulesPaths(parentFolder(path));
    const extension = /\.[^./]+$/u.exec(path)?.[0] ?? ".js";
    (Loader._extensions[extension] ?? Loader._extensions[".js"])(this, path);
    this.loaded = true;
  };

  Loader._cache = Object.create(null);
  Loader._extensions = {
    ".js": (module: Exports, path: string) => {
      if (esModules().has(path)) module.exports = esModules().require(path);
      else module._compile(sources.get(path) ?? realm.files.readText(path), path);
    },
    ".json": (module: Exports, path: string) => {
      try {
        module.exports = JSON.parse(realm.files.readText(path).replace(/^\uFEFF/u, ""));
      } catch (error) {
        if (error instanceof Error) error.message = `${path}: ${error.message}`;
        throw error;
      }
    },
    ".node": (_module: Exports, path: string) => {
      throw createNodeError(
        Error,
        "ERR_DLOPEN_FAILED",
        `${path}: native addons are not available in Toolpocket's sandbox`,
      );
    },
  };
  Loader._resolveFilename = (specifier: string, parent: Exports): string => {
    if (typeof specifier !== "string") {
      throw createNodeError(
        TypeError,
        "ERR_INVALID_ARG_TYPE",
        `The "id" argument must be of type string. Received ${typeof specifier}`,
      );
    }
    const resolved = resolveModule(realm.files, specifier, parent?.filename ?? "/tool/[eval]", "require");
    if (resolved.kind === "builtin") return specifier;
    if (resolved.kind === "file") return resolved.path;
    const stack = requireStack(parent);
    const lines = stack.length > 0 ? `\nRequire stack:\n${stack.map((path) => `- ${path}`).join("\n")}` : "";
    if (specifier.startsWith("node:")) {
      throw createNodeError(Error, "ERR_UNKNOWN_BUILTIN_MODULE", `No such built-in module: ${specifier}`);
    }
    const error: Exports = new Error(`Cannot find module '${specifier}'${lines}`);
    error.code = "MODULE_NOT_FOUND";
    error.requireStack = stack;
    throw error;
  };
  Loader._load = (specifier: string, parent: Exports, isMain: boolean): Exports => {
    const builtin = typeof specifier === "string" ? toBuiltinName(specifier) : null;
    if (builtin !== null) return realm.builtin(builtin);
    const path = Loader._resolveFilename(specifier, parent, isMain);
    const cached = Loader._cache[path];
    if (cached) return cached.exports;
    const module = new Loader(isMain ? "." : path, parent);
    Loader._cache[path] = module;
    if (isMain) realm.process.mainModule = main = module;
    let failed = true;
    try {
      module.load(path);
      failed = false;
    } finally {
      if (failed) delete Loader._cache[path];
    }
    return module.exports;
  };
  Loader._nodeModulePaths = nodeModulesPaths;
  Loader._resolveLookupPaths = () => [];
  Loader._findPath = (specifier: string) => resolvePath("/", specifier);
  Loader._initPaths = () => undefined;
  Loader._preloadModules = () => undefined;
  Loader.wrapper = ["(function (exports, require, module, __filename, __dirname) { ", "\n});"];
  Loader.wrap = (text: string) => Loader.wrapper[0] + text + Loader.wrapper[1];
  Loader.globalPaths = [];
  Loader.Module = Loader;
  Loader.builtinModules = [...BUILTIN_MODULES];
  Loader.isBuiltin = (name: string) => toBuiltinName(name) !== null;
  Loader.syncBuiltinESMExports = () => undefined;
  Loader.createRequire = (from: string | URL): Exports => {
    const text = String(from);
    const path = text.startsWith("file://") ? decodeURIComponent(new URL(text).pathname) : text;
    if (!path.startsWith("/")) {
      throw createNodeError(
        TypeError,
        "ERR_INVALID_ARG_VALUE",
        `The argument 'filename' must be a file URL object, file URL string, or absolute path string. Received '${text}'`,
      );
    }
    const module = new Loader(path);
    module.filename = path;
    return createRequire(module);
  };

  function createRequire(module: Exports): Exports {
    const require: Exports = (specifier: string) => module.require(specifier);
    require.resolve = (specifier: string) => Loader._resolveFilename(specifier, module, false);
    require.resolve.paths = () => module.paths;
    require.main = main;
    require.extensions = Loader._extensions;
    require.cache = Loader._cache;
    return require;
  }

  function compileModule(text: string, path: string): ModuleFactory {
    const known = compiled.get(path);
    if (known) {
      compiled.delete(path);
      return known;
    }
    const body = replaceImports(text.startsWith("#!") ? `//${text.slice(2)}` : text);
    try {
      return evaluateGlobally(`${MODULE_HEADER}${body}\n}})\n//# sourceURL=${path}`) as ModuleFactory;
    } catch (error) {
      onSyntaxError(error, path);
      throw error;
    }
  }

  return {
    Module: Loader,
    load: (path) => Loader._load(path, null, false),
    runMain: (path) => Loader._load(path, null, true),
    addSource: (path, code) => void sources.set(path, code),
    compile(path) {
      const text = sources.get(path) ?? realm.files.readText(path);
      try {
        compiled.set(path, compileModule(text, path));
      } catch (error) {
        // It is thrown again, with the program running, where the module is loaded.
        if (!(error instanceof SyntaxError)) throw error;
      }
    },
  };
}

/** `text` with every `import(` as the loader's own function, of equal length. */
function replaceImports(text: string): string {
  if (!/\bimport\s*\(/u.test(text)) return text;
  let replaced = "";
  let copied = 0;
  try {
    for (const found of libraries.lexer().parse(text)[0]) {
      if (found.type !== "dynamic") continue;
      replaced += `${text.slice(copied, found.importStart)}$imprt`;
      copied = found.importStart + "import".length;
    }
  } catch {
    // The engine reports what is wrong with it better than the lexer.
    return text;
  }
  return replaced + text.slice(copied);
}

function nodeModulesPaths(folder: string): string[] {
  const paths: string[] = [];
  for (let current = folder; ; current = parentFolder(current)) {
    if (!current.endsWith("/node_modules")) paths.push(resolvePath(current, "node_modules"));
    if (current === "/") return paths;
  }
}

function requireStack(parent: Exports): string[] {
  const stack: string[] = [];
  for (let module = parent; module; module = module.parent) stack.push(module.filename ?? module.id);
  return stack;
}
