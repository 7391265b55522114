/** Renders the page of a sandbox: one script, its settings, and the policy the page is served with. */
import type { PageConfig } from "./protocol/page-config.ts";

/**
 * The page's HTML. Only paths and numbers of the host's own making stand in it: a tool's values travel as data.
 * @param scriptPath path of the page's script
 */
export function renderPage(scriptPath: string, config: PageConfig): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    '<meta charset="utf-8">',
    "<title>Toolpocket sandbox</title>",
    `<script type="module" src="${escapeAttribute(scriptPath)}" data-config="${escapeAttribute(JSON.stringify(config))}"></script>`,
    "</html>",
    "",
  ].join("\n");
}

/** The page talks to its own origin only; nothing may be framed, opened, sent or navigated to. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "webrtc 'block'",
].join("; ");

/** A worker has everything it needs handed to it: it may connect to nothing and start no further worker. */
export const WORKER_POLICIES = {
  python: "default-src 'none'; script-src 'wasm-unsafe-eval'",
  wasm: "default-src 'none'; script-src 'wasm-unsafe-eval'",
  // The one script that it may load is the glue of its own tool, which the page's server has.
  component: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
  // A node tool's modules are compiled in its worker, as Node compiles them.
  node: "default-src 'none'; script-src 'unsafe-eval' 'wasm-unsafe-eval'",
} as const;

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.codePointAt(0)};`);
}
