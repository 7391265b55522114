/** The rendered page: whatever stands in its settings stays data, and its policies open nothing. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PageConfig } from "../src/protocol/page-config.ts";
import { PAGE_POLICY, renderPage, WORKER_POLICIES } from "../src/render-page.ts";

const CONFIG: PageConfig = {
  runtime: "python",
  channelPath: "/token/channel",
  workerPath: "/token/worker.js",
  assetPaths: { module: "/token/module.wasm" },
  maxMemoryBytes: 1_024,
};

const SCRIPT_TAG = /<script type="module" src="([^"]*)" data-config="([^"]*)"><\/script>/u;

describe("renderPage()", () => {
  it("renderPage() keeps path and settings unchanged when they hold any text", () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "</script><script>alert(1)</script>",
        "\" onload='x'",
        "<!--",
        "]]>",
        "`${1}`",
        "&quot;",
        "&#34;",
        "\\\n\0",
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, (path, value) => {
        const page = renderPage(path, { ...CONFIG, assetPaths: { [value]: value } });
        expect(page.match(/<\/?script/giu)).toHaveLength(2);
        const [, source = "", config = ""] = SCRIPT_TAG.exec(page) ?? [];
        expect(unescapeAttribute(source)).toBe(path);
        expect(JSON.parse(unescapeAttribute(config))).toEqual({ ...CONFIG, assetPaths: { [value]: value } });
      }),
    );
  });

  it("renderPage() holds one script and nothing else that loads when it is rendered", () => {
    const page = renderPage("/token/page.js", CONFIG);
    expect(page.match(/<[a-z]+/gu)).toEqual(["<html", "<meta", "<title", "<script"]);
    expect(page).not.toMatch(/\bon[a-z]+=|href|style/u);
  });
});

describe("policies", () => {
  it("PAGE_POLICY names its own origin only when it allows something", () => {
    const sources = PAGE_POLICY.split("; ").flatMap((directive) => directive.split(" ").slice(1));
    expect(new Set(sources)).toEqual(new Set(["'none'", "'self'", "'wasm-unsafe-eval'", "'block'"]));
    expect(PAGE_POLICY).toContain("default-src 'none'");
  });

  it("WORKER_POLICIES let a worker connect to nothing when it belongs to a tool", () => {
    for (const policy of Object.values(WORKER_POLICIES)) {
      expect(policy).toMatch(/^default-src 'none'/u);
      expect(policy).not.toMatch(/https?:|blob:|data:|\*|connect-src|worker-src/u);
    }
    const { component, ...others } = WORKER_POLICIES;
    expect(Object.values(others).join("; ")).not.toContain("self");
    // A component's worker loads its glue, as a script and in no other way.
    expect(component).toBe("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'");
    expect(WORKER_POLICIES.python).not.toContain("'unsafe-eval'");
  });
});

function unescapeAttribute(text: string): string {
  return text.replaceAll(/&#(\d+);/gu, (_match, code: string) => String.fromCodePoint(Number(code)));
}
