/** Holds the one direction of imports between packages, as ARCHITECTURE.md pictures it. */
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";
import { ROOT, listFiles } from "../bootstrap/workspace.mjs";

interface ImportRule {
  /** Packages of this workspace that it may import. */
  readonly own: readonly string[];
  /** Modules that it may not import, as prefixes. */
  readonly forbidden?: readonly string[];
}

const BROWSER_AND_SERVER = ["puppeteer", "@modelcontextprotocol/", "hono", "@hono/", "ws", "node:http", "node:net"];

/** What a module that opens connections also holds: names that open none. */
const HARMLESS_NAMES: Record<string, readonly string[]> = {
  "node:net": ["BlockList", "isIP", "isIPv4", "isIPv6"],
};

const RULES: Record<string, ImportRule> = {
  core: { own: ["@toolpocket/wit"], forbidden: BROWSER_AND_SERVER },
  "runtime-templates": { own: ["@toolpocket/wit"], forbidden: ["node:"] },
  wit: { own: [], forbidden: ["node:"] },
  "wasm-metering": { own: [], forbidden: ["node:"] },
  "wasm-invoker": {
    own: ["@toolpocket/core", "@toolpocket/runtime-templates", "@toolpocket/wasm-metering", "@toolpocket/wit"],
  },
  "ai-sdk": { own: ["@toolpocket/core"] },
  // The Pocket of "toolpocket" is loaded where a caller brings none.
  "code-mode": { own: ["@toolpocket/core", "toolpocket"] },
  langchain: { own: ["@toolpocket/core"] },
  mcp: { own: ["@toolpocket/core"] },
  openai: { own: ["@toolpocket/core"] },
  "python-widget": { own: [], forbidden: ["node:"] },
  "python-packages": { own: ["@toolpocket/core"] },
  // The state that the widget shows is the widget's: types only.
  "python-tool": { own: ["@toolpocket/core", "@toolpocket/python-widget"] },
  "test-kit": { own: ["@toolpocket/core"] },
  toolpocket: {
    own: ["@toolpocket/core", "@toolpocket/mcp", "@toolpocket/python-packages", "@toolpocket/wasm-invoker"],
  },
};

const packages = Object.entries(RULES);

test.each(packages)("packages/%s imports only the packages below it", (name, { own }) => {
  const strays = listImports(name).filter(({ module }) => isOwnPackage(module) && !own.includes(toPackageName(module)));
  expect(strays).toEqual([]);
});

test.each(packages)("packages/%s imports nothing that its layer forbids", (name, { forbidden = [] }) => {
  const strays = listImports(name).filter(
    (one) => !isHarmless(one) && forbidden.some((prefix) => startsWithModule(one.module, prefix)),
  );
  expect(strays).toEqual([]);
});

test.each(packages)("packages/%s imports relative files of its own only", (name) => {
  const root = join(ROOT, "packages", name);
  const strays = listImports(name).filter(({ file, module }) => {
    return module.startsWith(".") && relative(root, resolve(ROOT, dirname(file), module)).startsWith("..");
  });
  expect(strays).toEqual([]);
});

test.each(packages)("packages/%s declares no dependency above it when it is published", (name, { own }) => {
  const manifest: { dependencies?: Record<string, string>; peerDependencies?: Record<string, string> } = JSON.parse(
    readFileSync(join(ROOT, "packages", name, "package.json"), "utf8"),
  );
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  expect(declared.filter((dependency) => isOwnPackage(dependency) && !own.includes(dependency))).toEqual([]);
});

test("every package of the workspace has a rule", () => {
  const names = new Set(
    listFiles("packages").flatMap((file) => /^packages\/([^/]+)\/package\.json$/u.exec(file)?.[1] ?? []),
  );
  expect([...names].filter((name) => RULES[name] === undefined)).toEqual([]);
});

interface Import {
  readonly file: string;
  readonly module: string;
  /** Of a static import; undefined where all of the module is had. */
  readonly names: readonly (string | undefined)[] | undefined;
}

function isHarmless({ module, names }: Import): boolean {
  const harmless = HARMLESS_NAMES[module];
  return harmless !== undefined && (names?.every((name) => name !== undefined && harmless.includes(name)) ?? false);
}

/** Every static import, re-export and dynamic import below the package's src, types too. */
function listImports(name: string): Import[] {
  return listFiles(join("packages", name, "src"))
    .filter((file) => /\.[mc]?tsx?$/u.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(ROOT, file), "utf8");
      const { module } = parseSync(file, text);
      const statics: Import[] = module.staticImports.map(({ moduleRequest, entries }) => ({
        file,
        module: moduleRequest.value,
        names: entries.map(({ importName }) => importName.name ?? undefined),
      }));
      const requests = [
        ...module.staticExports.flatMap(({ entries }) => entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
        ...module.dynamicImports.map(({ moduleRequest }) =>
          text.slice(moduleRequest.start, moduleRequest.end).replace(/^["'`]|["'`]$/gu, ""),
        ),
      ];
      return statics.concat(requests.map((request) => ({ file, module: request, names: undefined })));
    });
}

function isOwnPackage(module: string): boolean {
  return module.startsWith("@toolpocket/") || startsWithModule(module, "toolpocket");
}

/** "@scope/name/subpath" → "@scope/name" */
function toPackageName(module: string): string {
  return module.split("/", module.startsWith("@") ? 2 : 1).join("/");
}

/** Whether `module` is `prefix` or something below it. */
function startsWithModule(module: string, prefix: string): boolean {
  return module === prefix || module.startsWith(/[:/]$/u.test(prefix) ? prefix : `${prefix}/`);
}
