/** A process that boots Pyodide in a fresh page for one result: browser, page, interpreter, script, answer. */
import { launchBrowser } from "@toolpocket/wasm-invoker/browser";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";

const PAGE = `<!doctype html><link rel="icon" href="data:,"><script type="module">
import { loadPyodide } from "/pyodide.mjs";
const pyodide = await loadPyodide({ indexURL: "/" });
const lines = ['{"city": "Seoul"}'];
pyodide.setStdin({ stdin: () => lines.shift() });
let output = "";
pyodide.setStdout({ batched: (line) => (output += line + "\\n") });
await pyodide.runPythonAsync("import sys, json\\nprint(json.load(sys.stdin)['city'])");
await fetch("/result", { method: "POST", body: output });
</script>`;

const files = new URL(".", import.meta.resolve("pyodide/package.json"));
/** @type {Record<string, string>} */
const types = {
  mjs: "text/javascript",
  wasm: "application/wasm",
  html: "text/html",
  json: "application/json",
};
/** @type {PromiseWithResolvers<void>} */
const result = Promise.withResolvers();

const server = createServer(async (request, response) => {
  const path = request.url ?? "/";
  if (path === "/result") {
    response.end();
    request.pipe(process.stdout);
    return result.resolve();
  }
  response.setHeader("Content-Type", types[path.split(".").at(-1) ?? ""] ?? "text/html");
  response.end(path === "/" ? PAGE : await readFile(new URL(`.${path}`, files)));
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const browser = await launchBrowser({ serverPort: port });
await browser.openPage(`http://cold.localhost:${port}/`, () => result.promise);
await browser.close();
server.closeAllConnections();
server.close();
