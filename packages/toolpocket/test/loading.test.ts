/** What a process loads before it is known to need it: nothing that takes longer to load than a short command takes. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);

const HEAVY = new Set([
  "@hono/node-server",
  "@iarna/toml",
  "@modelcontextprotocol/client",
  "@modelcontextprotocol/server",
  "ajv",
  "diff",
  "esbuild",
  "fflate",
  "hono",
  "jsonc-parser",
  "prom-client",
  "proper-lockfile",
  "puppeteer",
  "puppeteer-core",
  "re2js",
  "simple-git",
  "string-width",
  "toml-eslint-parser",
  "undici",
  "ws",
  "yaml",
  // By its names: this loads node's fetch() too.
  "node:http",
  "node:https",
  "node:tls",
]);

const [printLoaded, library, commandLine] = ["./print-loaded.ts", "../src/index.ts", "../src/cli/main.ts"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** The packages that the process has loaded at its end. */
async function listLoaded(program: string | undefined, args: readonly string[] = [], cwd?: string): Promise<string[]> {
  const flags = ["--conditions=toolpocket-source", "--import", printLoaded ?? ""];
  const { stderr } = await run(process.execPath, [...flags, program ?? "", ...args], { cwd });
  return JSON.parse(stderr.slice(stderr.lastIndexOf('["')));
}

describe("toolpocket", () => {
  it("loads no heavy library when it is imported", async () => {
    const loaded = await listLoaded(library);
    expect(loaded).toContain("fastest-levenshtein");
    expect(loaded.filter((name) => HEAVY.has(name))).toEqual([]);
  });
});

describe("pocket", () => {
  it.each(["--help", "--version", "help"])("loads no library at all for `pocket %s`", async (line) => {
    const loaded = await listLoaded(commandLine, line.split(" "));
    const own = new Set(["fastest-levenshtein", "@toolpocket/core", "toolpocket"]);
    expect(loaded.filter((name) => !name.startsWith("node:") && !own.has(name))).toEqual([]);
  });

  it.each(["list", "lock sync"])("loads no heavy library for `pocket %s` in an empty project", async (line) => {
    const cwd = await mkdtemp(join(tmpdir(), "pocket-"));
    try {
      const loaded = await listLoaded(commandLine, line.split(" "), cwd);
      expect(loaded).toContain("fastest-levenshtein");
      expect(loaded.filter((name) => HEAVY.has(name))).toEqual([]);
    } finally {
      await rm(cwd, { recursive: true, force: true });
    }
  });
});
