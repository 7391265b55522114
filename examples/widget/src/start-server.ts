/** The demo's server on loopback: the page, the element's script, and the state of the tool. */
import type { AddressInfo } from "node:net";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import type { PythonToolStatus } from "@toolpocket/python-widget/state";
import { createStatusHandler } from "@toolpocket/python-widget/server";
import { build } from "esbuild";
import { Hono } from "hono";

/** Nothing of elsewhere, nothing inline, no text ever taken for markup. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

export interface DemoServer extends AsyncDisposable {
  readonly url: string;
}

/** @param port 0 takes a free one */
export async function startServer(tool: PythonToolStatus, port: number): Promise<DemoServer> {
  const app = new Hono();
  const answerStatus = createStatusHandler(tool);
  let host = "";
  app.use(async (context, next) => {
    // A name that somebody else has pointed at this machine is not ours.
    if (context.req.header("Host") !== host) return context.text("unknown host", 421);
    await next();
    context.header("Content-Security-Policy", POLICY);
  });
  const [page, style, script] = await Promise.all([readPage("index.html"), readPage("page.css"), bundleScript()]);
  app.get("/", (context) => context.html(page));
  app.get("/page.css", (context) => context.body(style, 200, { "Content-Type": "text/css" }));
  app.get("/page.js", (context) => context.body(script, 200, { "Content-Type": "text/javascript" }));
  app.get("/state", (context) => answerStatus(context.req.raw));

  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port });
  await new Promise<void>((resolve, reject) => server.once("listening", resolve).once("error", reject));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}/`,
    async [Symbol.asyncDispose]() {
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function readPage(name: string): Promise<string> {
  return readFile(new URL(`../page/${name}`, import.meta.url), "utf8");
}

async function bundleScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../page/page.js", import.meta.url))],
    bundle: true,
    format: "esm",
    write: false,
    conditions: ["toolpocket-source"],
    logLevel: "warning",
  });
  return outputFiles[0]?.text ?? "";
}
