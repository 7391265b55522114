/** Build-time: gives the polyfill libraries the runtime's own builtins where they require Node's. */
import type { Plugin } from "esbuild";
import { toBuiltinName } from "../../../node-resolution/builtin-modules.ts";

/** Packages that stand for a part of Node, by the builtin that they stand for. */
const STAND_INS: Readonly<Record<string, string>> = {
  "safe-buffer": "buffer",
  inherits: "util",
  process: "process",
  util: "util",
  string_decoder: "string_decoder",
  buffer: "buffer",
  events: "events",
};

/** Packages that are required by code which never runs here, such as key derivation that Node itself has dropped. */
const UNUSED = new Set(["evp_bytestokey", "abort-controller", "bare-os"]);

const MODULES: Readonly<Record<string, string>> = {
  "toolpocket-unused": "module.exports = {};",
  "toolpocket-path-binding": 'module.exports = { cwd: () => useBuiltin("process").cwd() };',
  "toolpocket-inherits": 'module.exports = useBuiltin("util").inherits;',
};

/** The esbuild plugin that node-worker.ts is bundled with. */
export function libraryImports(): Plugin {
  const realm = new URL("node-realm.ts", import.meta.url).pathname;
  const folder = new URL(".", import.meta.url).pathname;
  return {
    name: "toolpocket-library-imports",
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        if (kind === "entry-point" || !importer.includes("/node_modules/")) return undefined;
        if (path === "../binding" && importer.includes("/bare-path/")) return virtual("toolpocket-path-binding");
        const name = path.replace(/\/$/u, "");
        if (UNUSED.has(name)) return virtual("toolpocket-unused");
        if (name === "inherits") return virtual("toolpocket-inherits");
        const builtin = toBuiltinName(name) ?? STAND_INS[name];
        return builtin === undefined ? undefined : virtual(`builtin:${builtin}`);
      });
      build.onLoad({ filter: /.*/, namespace: "toolpocket-library" }, ({ path }) => {
        const builtin = path.startsWith("builtin:") ? path.slice("builtin:".length) : undefined;
        const text =
          builtin === undefined ? (MODULES[path] ?? "") : `module.exports = useBuiltin(${JSON.stringify(builtin)});`;
        return { contents: `const { useBuiltin } = require(${JSON.stringify(realm)});\n${text}`, resolveDir: folder };
      });
    },
  };
}

function virtual(path: string): { path: string; namespace: string } {
  return { path, namespace: "toolpocket-library" };
}
