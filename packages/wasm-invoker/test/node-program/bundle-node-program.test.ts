import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PocketError } from "@toolpocket/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleNodeProgram, closeNodeBundler } from "../../src/node-program/bundle-node-program.ts";
import { programOf } from "./tool-files.ts";

const AsyncFunction = (async () => undefined).constructor as new (
  ...texts: string[]
) => (scope: object) => Promise<void>;

/** Runs a bundle on the host as the guest does, with the parts of the guest's loader that a test needs. */
async function runBundle(code: string, scope: object = {}): Promise<Record<string, unknown>> {
  let main: Record<string, unknown> = {};
  const loaders = new Map<string, { load: () => Promise<unknown>; loadSync?: () => unknown }>();
  const sources = new Map<string, string>();
  await new AsyncFunction("$tp", code)({
    main: (namespace: Record<string, unknown>) => (main = namespace),
    builtin: (name: string) => process.getBuiltinModule(name),
    meta: (path: string) => ({ url: `file://${path}` }),
    module: (path: string, load: () => Promise<unknown>, loadSync?: () => unknown) =>
      loaders.set(path, { load, ...(loadSync && { loadSync }) }),
    source: (path: string, text: string) => sources.set(path, text),
    missing: (reason: string) => {
      throw new Error(reason);
    },
    ...scope,
  });
  return Object.assign(Object.create({ loaders, sources }), main);
}

afterAll(closeNodeBundler);

describe("bundleNodeProgram()", () => {
  it("leaves a CommonJS program to the guest", async () => {
    const program = programOf({ "index.js": `require("node:fs")`, "data.json": "{}" }, { args: ["-x"] });
    expect(await bundleNodeProgram(program)).toEqual({
      runtime: "node",
      entry: "index.js",
      args: ["-x"],
      format: "commonjs",
      builtins: ["fs"],
      code: "",
      sourceMap: "",
      files: [
        { path: "index.js", content: expect.any(Uint8Array) },
        { path: "data.json", content: expect.any(Uint8Array) },
      ],
    });
  });

  it("makes one function of ES modules, with a top-level await, JSON and live bindings", async () => {
    const { code, format, sourceMap } = await bundleNodeProgram(
      programOf({
        "index.mjs": `import { add, count } from "./count.mjs"; import data from "./data.json" with { type: "json" };
          add(); export const seen = await Promise.resolve(count); export default () => data.a;`,
        "count.mjs": `export let count = 0; export const add = () => { count += 1 };`,
        "data.json": `{"a":"json"}`,
      }),
    );
    const main = await runBundle(code);
    expect(format).toBe("module");
    expect(main["seen"]).toBe(1);
    expect((main["default"] as () => string)()).toBe("json");
    expect(JSON.parse(sourceMap)).toMatchObject({
      version: 3,
      sources: expect.arrayContaining(["tool:/tool/index.mjs"]),
    });
  });

  it("strips types, and takes import.meta of each file", async () => {
    const { code } = await bundleNodeProgram(
      programOf({
        "index.ts": `import type { T } from "./types"; import { url } from "./lib/deep.js"; enum Kind { A = 3 }
          export const value: T = Kind.A; export const urls = [import.meta.url, url, import . meta.url];`,
        "types.ts": `export type T = number;`,
        "lib/deep.ts": `export const url: string = import.meta.url;`,
        "package.json": `{"type":"module"}`,
      }),
    );
    expect(await runBundle(code)).toMatchObject({
      value: 3,
      urls: ["file:///tool/index.ts", "file:///tool/lib/deep.ts", "file:///tool/index.ts"],
    });
  });

  it("imports a builtin by name, by default and as a whole; a name that is not there is undefined", async () => {
    const { code, builtins } = await bundleNodeProgram(
      programOf({
        "index.mjs": `import path, { join, nothing } from "node:path"; import * as all from "path";
          export const result = [path.join === join, all.join === join, nothing];`,
      }),
    );
    expect(builtins).toEqual(["path"]);
    expect(await runBundle(code)).toMatchObject({ result: [true, true, undefined] });
  });

  it("asks the guest's loader for CommonJS, and gives its exports by name and by default", async () => {
    const { code } = await bundleNodeProgram(
      programOf({
        "index.mjs": `import lib, { a } from "./lib.cjs"; export const result = [lib.a, a];`,
        "lib.cjs": `exports.a = 1;`,
      }),
    );
    const asked: string[] = [];
    const main = await runBundle(code, {
      require: (path: string) => (asked.push(path), { a: 1, __esModule: true, default: 2 }),
    });
    expect(main).toMatchObject({ result: [1, 1] });
    expect(new Set(asked)).toEqual(new Set(["/tool/lib.cjs"]));
  });

  it("tells the guest of the ES modules that CommonJS reaches, evaluated when they are asked for", async () => {
    const { code, format } = await bundleNodeProgram(
      programOf({
        "index.js": `require("./sync.mjs"); import("./async.mjs"); const x = import("./async.mjs");`,
        "sync.mjs": `export const kind = "sync"; globalThis.__evaluated = true;`,
        "async.mjs": `export const kind = await "async";`,
      }),
    );
    expect(format).toBe("commonjs");
    const { loaders } = (await runBundle(code)) as unknown as {
      loaders: Map<string, { load(): Promise<object>; loadSync?(): object }>;
    };
    expect("__evaluated" in globalThis).toBe(false);
    expect([...loaders.keys()].toSorted()).toEqual(["/tool/async.mjs", "/tool/sync.mjs"]);
    expect(loaders.get("/tool/sync.mjs")?.loadSync?.()).toMatchObject({ kind: "sync" });
    expect(loaders.get("/tool/async.mjs")?.loadSync).toBeUndefined();
    expect(await loaders.get("/tool/async.mjs")?.load()).toMatchObject({ kind: "async" });
    Reflect.deleteProperty(globalThis, "__evaluated");
  });

  it("keeps what a computed import() may mean, and asks the guest at run time", async () => {
    const { code } = await bundleNodeProgram(
      programOf({
        "index.mjs": `export const load = (name) => import(\`./commands/\${name}.mjs\`);`,
        "commands/one.mjs": `export default 1`,
        "other/two.mjs": `export default 2`,
      }),
    );
    const asked: unknown[] = [];
    const main = await runBundle(code, { import: async (...values: unknown[]) => asked.push(...values) });
    await (main["load"] as (name: string) => Promise<unknown>)("one");
    expect(asked).toEqual(["./commands/one.mjs", "/tool/index.mjs"]);
    expect([...(main as unknown as { loaders: Map<string, unknown> }).loaders.keys()]).toEqual([
      "/tool/commands/one.mjs",
    ]);
  });

  it("hands over CommonJS in TypeScript as JavaScript", async () => {
    const { code, format } = await bundleNodeProgram(
      programOf({ "index.cts": `const n: number = 1; exports.n = n as unknown;` }),
    );
    expect(format).toBe("commonjs");
    const { sources } = (await runBundle(code)) as unknown as { sources: Map<string, string> };
    expect(sources.get("/tool/index.cts")).not.toContain("number");
  });

  it("is fast for a small tool", async () => {
    const program = programOf({ "index.mjs": `import fs from "node:fs"; console.log(fs.readFileSync(0, "utf8"));` });
    await bundleNodeProgram(program);
    const start = performance.now();
    for (let round = 0; round < 10; round += 1) await bundleNodeProgram(program);
    // Thirty milliseconds are the goal; a machine with other work gets ten times as much.
    expect((performance.now() - start) / 10).toBeLessThan(300);
  });
});

describe("bundleNodeProgram() with a broken tool", () => {
  const brokenBy = async (files: Record<string, string>): Promise<PocketError> => {
    const error: unknown = await bundleNodeProgram(programOf(files)).catch((caught: unknown) => caught);
    if (!(error instanceof PocketError)) throw new Error(`no PocketError but ${String(error)}`);
    expect(error.code).toBe("ERR_POCKET_TOOL_BROKEN");
    return error;
  };

  it("names file and line when an ES module does not parse", async () => {
    const error = await brokenBy({ "index.mjs": `import fs from "fs";\nconst x = ;\n` });
    expect(error.message).toBe('index.mjs:2:11: Unexpected ";"');
    expect(error.details).toEqual({ file: "index.mjs", line: 2 });
  });

  it.for([
    ["an ES module", { "index.mjs": `import fs from "fs";\nimport axios from "axios";` }, "index.mjs:2"],
    ["CommonJS", { "index.js": `const fs = require("fs");\nconst axios = require("axios");` }, "index.js:2"],
    ["a helper", { "index.mjs": `import "./lib/a.mjs";`, "lib/a.mjs": `\n\nimport "axios";` }, "lib/a.mjs:3"],
  ] as const)("names file, line and package when %s imports one that is not there", async ([, files, place]) => {
    const error = await brokenBy(files);
    expect(error.message).toBe(`${place} imports "axios", which is not in the tool's tree`);
    expect(error.hint).toContain("dist/index.js");
  });

  it("says so when the entry file is missing", async () => {
    const error: unknown = await bundleNodeProgram(programOf({ "a.js": "" }, { entry: { path: "b.js" } })).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code: "ERR_POCKET_TOOL_BROKEN", message: "the tool has no file b.js" });
  });

  it.for([
    ["is in a try", `try {\nrequire("optional")\n} catch {}`],
    ["is in a function", `function later() { return require("optional") }`],
    ["is in a comment", `/*\nconst x = require("optional");\n*/`],
    ["is computed", `const name = "optional"; if (false) require(name);`],
  ] as const)("accepts a missing package when its require %s", async ([, text]) => {
    expect((await bundleNodeProgram(programOf({ "index.js": text }))).format).toBe("commonjs");
  });

  it("accepts a missing package when it is only imported at run time, or only a type", async () => {
    const { code } = await bundleNodeProgram(
      programOf({
        "index.ts": `import { Shape } from "shapes"; export const load = () => import("optional"); export const x: Shape = 1;`,
      }),
    );
    const main = await runBundle(code);
    await expect((main["load"] as () => Promise<unknown>)()).rejects.toThrow("Cannot find package 'optional'");
  });
});

describe("bundleNodeProgram() with a hostile tool", () => {
  let secretFolder: string;
  const SECRET = `SECRET-${Math.random()}`;
  beforeAll(async () => {
    secretFolder = await mkdtemp(join(tmpdir(), "toolpocket-secret-"));
    await writeFile(join(secretFolder, "secret.json"), JSON.stringify({ secret: SECRET }));
    await writeFile(join(secretFolder, "secret.mjs"), `export default "${SECRET}"`);
    await writeFile(
      join(secretFolder, "tsconfig.json"),
      `{"compilerOptions":{"paths":{"secret":["${secretFolder}/secret.mjs"]}}}`,
    );
  });
  afterAll(() => rm(secretFolder, { recursive: true }));

  const escapes: readonly [string, (folder: string) => Record<string, string>][] = [
    ["an absolute path", (folder) => ({ "index.mjs": `export { default } from "${folder}/secret.mjs"` })],
    [
      "a path that climbs",
      (folder) => ({
        "index.mjs": `import x from "${"../".repeat(30)}${folder.slice(1)}/secret.json"; export default x`,
      }),
    ],
    ["a file URL", (folder) => ({ "index.mjs": `import x from "file://${folder}/secret.mjs"; export default x` })],
    ["a file URL of the system", () => ({ "index.mjs": `import x from "file:///etc/hostname"; export default x` })],
    [
      "an import()",
      (folder) => ({ "index.mjs": `export default await import("${folder}/secret.mjs").catch(() => null)` }),
    ],
    ["a require()", (folder) => ({ "index.mjs": `export default () => require("${folder}/secret.json")` })],
    [
      "a tsconfig that extends",
      (folder) => ({
        "index.ts": `import x from "secret"; export default x`,
        "tsconfig.json": `{"extends":"${folder}/tsconfig.json","compilerOptions":{"baseUrl":"${folder}"}}`,
      }),
    ],
    [
      "a package's main",
      (folder) => ({
        "index.mjs": `import x from "evil"; export default x`,
        "node_modules/evil/package.json": `{"name":"evil","main":"${"../".repeat(30)}${folder.slice(1)}/secret.mjs"}`,
      }),
    ],
    [
      "a package's exports",
      (folder) => ({
        "index.mjs": `import x from "evil"; export default x`,
        "node_modules/evil/package.json": `{"name":"evil","exports":"${folder}/secret.mjs"}`,
      }),
    ],
    [
      "a package's browser map",
      (folder) => ({
        "index.mjs": `import x from "./x.mjs"; export default x`,
        "x.mjs": `export default 1`,
        "package.json": `{"browser":{"./x.mjs":"${folder}/secret.mjs"},"imports":{"#s":"${folder}/secret.mjs"}}`,
      }),
    ],
    ["a source map", (folder) => ({ "index.mjs": `export default 1;\n//# sourceMappingURL=${folder}/secret.json` })],
    [
      "a source map as file URL",
      (folder) => ({ "index.mjs": `export default 1;\n//# sourceMappingURL=file://${folder}/secret.json` }),
    ],
    [
      "esbuild's own namespaces",
      (folder) => ({
        "index.mjs": `import x from "toolpocket-main:${folder}/secret.mjs"; import y from "tool:${folder}/secret.mjs"; export default [x, y]`,
      }),
    ],
  ];

  it.for(escapes)("reads nothing outside the tool through %s", async ([, files]) => {
    const result = await bundleNodeProgram(programOf(files(secretFolder))).catch((error: unknown) => {
      if (error instanceof PocketError) return `${error.message} ${error.hint} ${String(error.cause)}`;
      throw error;
    });
    const text = typeof result === "string" ? result : `${result.code}${result.sourceMap}`;
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(readFileSync("/etc/passwd", "utf8").slice(0, 20));
  });
});
