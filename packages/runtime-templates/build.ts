/**
 * Makes the guest's files in dist/guest/: one script for the page and one for each runtime's worker, and Python's standard
 * library.
 */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compileLibrary } from "./build/compile-library.ts";
import { libraryImports } from "./src/guest/worker/node/library-imports.ts";
import { slimPyodide } from "./build/slim-pyodide.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const pyodideLock: { info: object } = JSON.parse(
  await readFile(new URL(import.meta.resolve("pyodide/pyodide-lock.json")), "utf8"),
);

const { outputFiles } = await build({
  write: false,
  entryPoints: {
    page: here("src/guest/page/main.ts"),
    "python-worker": here("src/guest/worker/python-worker.ts"),
    "node-worker": here("src/guest/worker/node-worker.ts"),
    "wasm-worker": here("src/guest/worker/wasm-worker.ts"),
    "component-worker": here("src/guest/worker/component-worker.ts"),
  },
  outdir: here("dist/guest"),
  bundle: true,
  conditions: ["toolpocket-source"],
  format: "esm",
  target: "chrome140",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  loader: { ".py": "text" },
  define: { PYODIDE_LOCK_INFO: JSON.stringify(pyodideLock.info) },
  // Pyodide's Node branches, which a browser never takes.
  external: ["node:*", "ws"],
  plugins: [libraryImports(), slimPyodide()],
  logLevel: "warning",
});

const library = { path: here("dist/guest/standard-library.wasm"), contents: await compileLibrary() };

// Each file appears whole: a host that starts meanwhile reads the old one or the new one.
for (const { path, contents } of [...outputFiles, library]) {
  const fresh = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(fresh, contents);
  await rename(fresh, path);
}
