/** Bundles the guest code: one script for the page and one for each runtime's worker, in dist/guest/. */
import { build } from "esbuild";

const here = (path: string): string => new URL(path, import.meta.url).pathname;

await build({
  entryPoints: {
    page: here("src/guest/page/main.ts"),
    "python-worker": here("src/guest/worker/python-worker.ts"),
    "node-worker": here("src/guest/worker/node-worker.ts"),
  },
  outdir: here("dist/guest"),
  bundle: true,
  format: "esm",
  target: "chrome140",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  loader: { ".py": "text" },
  // Pyodide's Node branches, which a browser never takes.
  external: ["node:*", "ws"],
  logLevel: "warning",
});
