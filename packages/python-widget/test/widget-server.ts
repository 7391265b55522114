/** A page with the element under the strictest policy that lets a script run, and the state that it shows, on loopback. */
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { build } from "esbuild";
import type { PythonToolState } from "../src/python-tool-state.ts";
import { createStatusHandler } from "../src/server/index.ts";

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "style-src 'none'",
  "img-src data:",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

export interface WidgetServer extends AsyncDisposable {
  /** The page, with the element defined; "bare" below it is the same page without. */
  readonly url: string;
  /** How often the state was asked for, by either way. */
  readonly requests: { json: number; stream: number };
  setState(state: PythonToolState): void;
  /** Breaks off what is open, as a server that dies. */
  cutConnections(): void;
  /** What "/state" answers with in place of the state. */
  setFault(fault: (() => Response) | undefined): void;
}

export async function startWidgetServer(initially: PythonToolState): Promise<WidgetServer> {
  const listeners = new Set<() => void>();
  const requests = { json: 0, stream: 0 };
  let state = initially;
  let fault: (() => Response) | undefined;
  const answerStatus = createStatusHandler({
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  const page = (scripts: string): string =>
    `<!doctype html><html lang="en"><title>Widget</title><link rel="icon" href="data:,"><main></main>${scripts}</html>`;
  const server = serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/state") {
        requests[request.headers.get("Accept") === "text/event-stream" ? "stream" : "json"] += 1;
        return fault?.() ?? answerStatus(request);
      }
      const headers = { "Content-Security-Policy": POLICY };
      if (pathname === "/widget.js") {
        return new Response(await bundleWidget(), { headers: { ...headers, "Content-Type": "text/javascript" } });
      }
      const scripts = pathname === "/bare" ? "" : '<script type="module" src="/widget.js"></script>';
      return new Response(page(scripts), { headers: { ...headers, "Content-Type": "text/html; charset=utf-8" } });
    },
  });
  await new Promise<void>((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const cutConnections = (): void => {
    if ("closeAllConnections" in server) server.closeAllConnections();
  };
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    setState(next) {
      state = next;
      for (const listener of listeners) listener();
    },
    cutConnections,
    setFault(next) {
      fault = next;
    },
    async [Symbol.asyncDispose]() {
      cutConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let script: Promise<string> | undefined;

/** The element in one script, as a bundler gives it to a page. */
export function bundleWidget(): Promise<string> {
  script ??= build({
    entryPoints: [fileURLToPath(new URL("../src/define.ts", import.meta.url))],
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    logLevel: "warning",
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? "");
  return script;
}
