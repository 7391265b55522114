/** Answers the requests of pages with the files of their sites, and refuses all others. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { findSite, isPageOf, pathInSite, type Sites } from "./find-site.ts";
import type { SiteFile } from "./site.ts";

export type RequestAnswerer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function createSandboxApp(sites: Sites): RequestAnswerer {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get("/:token/*", async (context) => {
    // A whole URL instead of a path is what a proxy is sent.
    if (!context.env.incoming.url?.startsWith("/")) return context.text("refused", 403);
    const site = findSite(sites, context.req.header("host"), context.req.path);
    const file = site?.files.get(pathInSite(context.req.path));
    if (!file || !isOwnRequest(context.req.header("origin"), context.req.header("host")))
      return context.text("refused", 403);
    const body = await Promise.resolve(file.body).catch(() => undefined);
    if (body === undefined) return context.text("not to be had", 500);
    return new Response(body as Uint8Array<ArrayBuffer>, { headers: toHeaders(file) });
  });
  app.all("*", (context) => context.text("refused", 403));
  return getRequestListener(app.fetch);
}

/** A page's requests for its own files carry its own origin, or none. */
function isOwnRequest(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || isPageOf(origin, host);
}

function toHeaders(file: SiteFile): Record<string, string> {
  return {
    "Content-Type": file.type,
    "Cache-Control": "no-store",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    ...(file.policy !== undefined && { "Content-Security-Policy": file.policy }),
  };
}
