/**
 * Build-time: gives the polyfill libraries the runtime's own builtins where they require Node's, and keeps the larger
 * libraries as text in the worker's script. A worker is started for every call: what a call does not use must cost nothing,
 * and the engine is much faster at skipping text than at parsing code.
 */
import { build, type BuildOptions, type Plugin } from "esbuild";
import { toBuiltinName } from "../../../node-resolution/builtin-modules.ts";

/** Packages that stand for a part of Node, by the builtin that they stand for. */
const STAND_INS: Readonly<Record<string, string>> = {
  "safe-buffer": "buffer",
  process: "process",
  util: "util",
  string_decoder: "string_decoder",
  buffer: "buffer",
  events: "events",
};

/** Packages that are required by code which never runs here, such as key derivation that Node itself has dropped. */
const UNUSED = new Set(["evp_bytestokey", "abort-controller", "bare-os"]);

/** What libraries.ts requires and a call may well not use. */
const AS_TEXT = new Set([
  "browserify-aes",
  "assert/",
  "./builtins/hash-library.ts",
  "es-module-lexer/js",
  "memfs",
  "pako",
  "@pkgjs/parseargs",
  "unenv/node/punycode",
  "unenv/node/querystring",
  "unenv/node/url",
]);

const MODULES: Readonly<Record<string, string>> = {
  "toolpocket-unused": "module.exports = {};",
  "toolpocket-path-binding": 'module.exports = { cwd: () => useBuiltin("process").cwd() };',
  "toolpocket-inherits": 'module.exports = useBuiltin("util").inherits;',
};

const FOLDER = new URL(".", import.meta.url).pathname;

/** Where a library finds `useBuiltin`: in the worker's own module, or as what its text is evaluated with. */
const IN_BUNDLE = `const { useBuiltin } = require(${JSON.stringify(`${FOLDER}node-realm.ts`)});`;
const IN_TEXT = "";

/** The esbuild plugin that node-worker.ts is bundled with. */
export function libraryImports(): Plugin {
  return {
    name: "toolpocket-library-imports",
    setup(bundle) {
      bundle.onResolve({ filter: /.*/ }, ({ path, importer }) =>
        importer === `${FOLDER}libraries.ts` && AS_TEXT.has(path) ? { path, namespace: "toolpocket-text" } : undefined,
      );
      bundle.onLoad({ filter: /.*/, namespace: "toolpocket-text" }, async ({ path }) => ({
        contents: renderTextModule(path, await bundleLibrary(path, bundle.initialOptions)),
        resolveDir: FOLDER,
      }));
      answerBuiltins(bundle, IN_BUNDLE);
    },
  };
}

function answerBuiltins(bundle: Parameters<Plugin["setup"]>[0], header: string): void {
  bundle.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
    if (kind === "entry-point" || !importer.includes("/node_modules/")) return undefined;
    if (path === "../binding" && importer.includes("/bare-path/")) return virtual("toolpocket-path-binding");
    const name = path.replace(/\/$/u, "");
    if (UNUSED.has(name)) return virtual("toolpocket-unused");
    if (name === "inherits") return virtual("toolpocket-inherits");
    const builtin = toBuiltinName(name) ?? STAND_INS[name];
    return builtin === undefined ? undefined : virtual(`builtin:${builtin}`);
  });
  bundle.onLoad({ filter: /.*/, namespace: "toolpocket-library" }, ({ path }) => {
    const builtin = path.startsWith("builtin:") ? path.slice("builtin:".length) : undefined;
    const text =
      builtin === undefined ? (MODULES[path] ?? "") : `module.exports = useBuiltin(${JSON.stringify(builtin)});`;
    return { contents: `${header}\n${text}`, resolveDir: FOLDER };
  });
}

function virtual(path: string): { path: string; namespace: string } {
  return { path, namespace: "toolpocket-library" };
}

/** The library as the body of a function of `module` and `useBuiltin`. */
async function bundleLibrary(path: string, { target, minifySyntax, minifyWhitespace }: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `module.exports = require(${JSON.stringify(path)});`, resolveDir: FOLDER, loader: "js" },
    bundle: true,
    write: false,
    format: "cjs",
    platform: "browser",
    ...(target !== undefined && { target }),
    minifySyntax: minifySyntax ?? false,
    minifyWhitespace: minifyWhitespace ?? false,
    legalComments: "none",
    logLevel: "warning",
    plugins: [{ name: "toolpocket-builtins", setup: (library) => answerBuiltins(library, IN_TEXT) }],
  });
  return outputFiles[0]?.text ?? "";
}

function renderTextModule(path: string, text: string): string {
  const code = `(function (module, useBuiltin) {${text}\n})\n//# sourceURL=toolpocket:${path}`;
  return [
    IN_BUNDLE,
    `const { evaluateGlobally } = require(${JSON.stringify(`${FOLDER}natives.ts`)});`,
    `evaluateGlobally(${JSON.stringify(code)})(module, useBuiltin);`,
  ].join("\n");
}
