/** Programs about modules: CommonJS, ES modules, both together, TypeScript, JSON, packages. */
import { type NodeTestProgram, program } from "./node-test-program.ts";

export const MODULE_PROGRAMS: readonly NodeTestProgram[] = [
  {
    title: "requires files, folders, JSON and itself in a circle",
    files: {
      "index.js": `
        const a = require("./a"); const data = require("./data.json"); const folder = require("./folder");
        console.log(a.name, a.fromB(), data, folder, require.main === module, module.id, typeof module.parent, module.loaded);
        console.log(require("./a") === a, Object.keys(require.cache).length, __filename.endsWith("index.js"), module.children.length);
        console.log(require.resolve("./a").endsWith("a.js"), module.paths[0].endsWith("node_modules"));
        setTimeout(() => console.log(module.loaded));`,
      "a.js": `exports.name = "a"; const b = require("./b"); exports.fromB = () => b.seen; console.log("a", require.main === module);`,
      "b.js": `const a = require("./a.js"); exports.seen = Object.keys(a).join();`,
      "data.json": `{"list":[1,2,3]}`,
      "folder/index.js": `module.exports = __dirname.split("/").at(-1);`,
    },
  },
  {
    title: "requires a path that is computed at run time",
    files: {
      "index.js": `for (const name of ["one", "two"]) console.log(require("./commands/" + name)());
        try { require("./commands/" + "three") } catch (error) { console.log(error.code, error.message.split("\\n")[0]) }
        try { require("no-such-package") } catch (error) { console.log(error.code, error.message.split("\\n")[0]) }
        try { require("node:nothing") } catch (error) { console.log(error.code) }`,
      "commands/one.js": `module.exports = () => 1`,
      "commands/two.js": `module.exports = () => require("../shared").two`,
      "shared.js": `exports.two = 2`,
    },
  },
  program(
    "runs sloppy code in CommonJS",
    "index.js",
    `
    implicit = 5; console.log(implicit, globalThis.implicit, this === module.exports, typeof this);
    with ({ a: 1 }) console.log(a);
    function f() { return this === globalThis } console.log(f(), 010, delete globalThis.implicit);
    console.log((function () { return typeof this })(), arguments.length);`,
  ),
  program(
    "runs strict code in an ES module",
    "index.mjs",
    `
    console.log(this, (function () { return this })(), typeof module, typeof exports);
    try { implicit = 5 } catch (error) { console.log(error.name) }
    console.log(import.meta.url.startsWith("file:///"), import.meta.filename.endsWith("index.mjs"), typeof import.meta.dirname, typeof import.meta.resolve);`,
  ),
  {
    title: "imports CommonJS by default and by name",
    files: {
      "index.mjs": `import whole, { a, nested } from "./lib.cjs"; import { createRequire } from "node:module"; import * as all from "./lib.cjs";
        console.log(whole, a, nested.b, all.default === whole);
        const require = createRequire(import.meta.url);
        console.log(require("./lib.cjs") === whole, require("./data.json").x);
        const dynamic = await import("./lib.cjs"); console.log(dynamic.default === whole, dynamic.a);`,
      "lib.cjs": `exports.a = 1; exports.nested = { b: 2 };`,
      "data.json": `{"x": 9}`,
    },
  },
  {
    title: "imports CommonJS that was compiled from an ES module",
    files: {
      "index.mjs": `import lib from "./lib.cjs"; console.log(typeof lib, Object.keys(lib), lib.default());`,
      "lib.cjs": `Object.defineProperty(exports, "__esModule", { value: true }); exports.default = () => "default"; exports.other = 1;`,
    },
  },
  {
    title: "imports and requires ES modules from CommonJS",
    files: {
      "index.js": `const lib = require("./lib.mjs"); console.log(lib.named, lib.default); import("./lib.mjs").then((lib) => { console.log(lib.default, lib.named); return import("node:path") })
          .then((path) => console.log(path.join("a", "b"), path.default === require("path")));
        import("./missing.mjs").catch((error) => console.log(error.code));`,
      "lib.mjs": `export default "default"; export const named = "named"; console.log("evaluated once");`,
    },
  },
  {
    title: "keeps bindings live and modules in order",
    files: {
      "index.mjs": `import "./first.mjs"; import { count, add } from "./second.mjs"; import * as second from "./second.mjs";
        console.log(count); add(); console.log(count, second.count); export { count as again } from "./second.mjs"; console.log("index");`,
      "first.mjs": `console.log("first"); import { late } from "./second.mjs"; console.log(typeof late);`,
      "second.mjs": `import "./first.mjs"; export let count = 0; export function add() { count += 1 } export function late() {} console.log("second");`,
    },
  },
  {
    title: "imports a path that is computed at run time",
    files: {
      "index.mjs": `for (const name of ["one", "two"]) { const command = await import(\`./commands/\${name}.mjs\`); console.log(command.default) }
        const other = "./commands/" + "three.cjs"; console.log((await import(other)).default);
        const builtin = "node:os"; console.log((await import(builtin)).EOL === "\\n");
        try { await import("./commands/" + "none.mjs") } catch (error) { console.log(error.code) }`,
      "commands/one.mjs": `export default 1`,
      "commands/two.mjs": `import one from "./one.mjs"; export default one + 1`,
      "commands/three.cjs": `module.exports = 3`,
    },
  },
  {
    title: "is TypeScript with types, type imports and JSON",
    files: {
      "index.ts": `import type { Shape } from "./shape.ts"; import { area } from "./shape.ts"; import data from "./data.json" with { type: "json" };
        interface Local<T> { readonly value: T } const local: Local<number> = { value: 1 };
        const shape = { width: 2, height: 3 } satisfies Shape; console.log(area(shape as Shape), local!.value, data.name);
        function generic<T extends object>(value: T): keyof T { return Object.keys(value)[0] as keyof T } console.log(generic({ k: 1 }));`,
      "shape.ts": `export interface Shape { width: number; height: number } export const area = ({ width, height }: Shape): number => width * height;`,
      "data.json": `{"name":"json"}`,
      "package.json": `{"type":"module"}`,
    },
  },
  {
    title: "is TypeScript in CommonJS",
    files: {
      "index.cts": `const fs: typeof import("fs") = require("node:fs"); const other: { n: number } = require("./other.cts");
        console.log(typeof fs.readFileSync, other.n, require.main === module);`,
      "other.cts": `exports.n = 5 as number;`,
    },
  },
  {
    title: "uses packages with exports, conditions, subpaths and imports",
    files: {
      "index.mjs": `import main from "dual"; import { feature } from "dual/feature"; import internal from "#internal"; import { createRequire } from "node:module"; import scoped from "@scope/pkg";
        const require = createRequire(import.meta.url);
        console.log(main, feature, internal, scoped, require("dual"), require("dual/feature").feature, require("legacy"), require("legacy/lib/extra"));
        try { require("dual/hidden.cjs") } catch (error) { console.log(typeof error.code) }
        console.log(require("#internal"));`,
      "package.json": `{"name":"tool","type":"module","imports":{"#internal":{"import":"./internal.js","require":"./internal.cjs"}}}`,
      "internal.js": `export default "internal esm"`,
      "internal.cjs": `module.exports = "internal cjs"`,
      "node_modules/dual/package.json": `{"name":"dual","exports":{".":{"import":"./esm.mjs","require":"./cjs.cjs"},"./feature":{"node":{"import":"./feature.mjs","default":"./feature.cjs"}}}}`,
      "node_modules/dual/esm.mjs": `export default "esm"`,
      "node_modules/dual/cjs.cjs": `module.exports = "cjs"`,
      "node_modules/dual/feature.mjs": `export const feature = "feature esm"`,
      "node_modules/dual/feature.cjs": `exports.feature = "feature cjs"`,
      "node_modules/dual/hidden.cjs": ``,
      "node_modules/@scope/pkg/package.json": `{"name":"@scope/pkg","main":"./lib/main"}`,
      "node_modules/@scope/pkg/lib/main.js": `module.exports = require("legacy") + " scoped"`,
      "node_modules/legacy/package.json": `{"name":"legacy","main":"lib"}`,
      "node_modules/legacy/lib/index.js": `module.exports = "legacy"`,
      "node_modules/legacy/lib/extra.js": `module.exports = "extra"`,
    },
  },
  {
    title: "has a module that throws while it loads",
    files: {
      "index.js": `for (let i = 0; i < 2; i++) try { require("./bad") } catch (error) { console.log(error.message) }
        try { require("./bad.json") } catch (error) { console.log(error.name) }
        try { require("./syntax") } catch (error) { console.log(error.name) }`,
      "bad.js": `console.log("loading"); throw new Error("bad");`,
      "bad.json": `{"a":`,
      "syntax.js": `const = 1`,
    },
  },
  program("starts with a hashbang", "index.js", `#!/usr/bin/env node\nconsole.log("ran")`),
  program(
    "awaits at the top level without other module syntax",
    "index.js",
    `
    const value = await Promise.resolve(1); console.log(value, typeof module);`,
  ),
  program(
    "calls builtins through both spellings",
    "index.js",
    `
    console.log(require("fs") === require("node:fs"), require("path") === require("node:path"), require("module").isBuiltin("node:test"));
    console.log(process.getBuiltinModule("path") === require("path"), require("module").builtinModules.includes("fs"));`,
  ),
  {
    title: "runs lodash-like UMD and hand-written module wrappers",
    files: {
      "index.js": `console.log(require("./umd").name, require("./patched").extra); module.exports = null;`,
      "umd.js": `(function (root, factory) { if (typeof define === "function" && define.amd) define([], factory); else if (typeof module === "object" && module.exports) module.exports = factory(); else root.Umd = factory(); }(typeof self !== "undefined" ? self : this, function () { return { name: "umd" } }));`,
      "patched.js": `const Module = require("module"); exports.extra = typeof Module._load + typeof Module.prototype.require + Module.wrap("x").length;`,
    },
  },
  {
    title: "uses zod",
    files: {
      "index.mjs": `import { z } from "zod"; const S = z.object({ a: z.number(), b: z.string().optional() }); console.log(S.parse({ a: 1 }), S.safeParse({ a: "x" }).success);`,
    },
    packages: ["zod"],
  },
  {
    title: "uses yaml",
    files: {
      "index.js": `const YAML = require("yaml"); console.log(YAML.parse("a: [1, 2]\\nb: {c: d}"), YAML.stringify({ x: [1, { y: 2 }] }));`,
    },
    packages: ["yaml"],
  },
  {
    title: "uses semver",
    files: {
      "index.mjs": `import semver from "semver"; console.log(semver.satisfies("1.2.3", "^1.0.0"), semver.inc("1.2.3", "minor"));`,
    },
    packages: ["semver"],
  },
  {
    title: "uses ajv",
    files: {
      "index.js": `const Ajv = require("ajv"); const validate = new Ajv({ allErrors: true }).compile({ type: "object", required: ["a"], properties: { a: { type: "integer" } } }); console.log(validate({ a: 1 }), validate({ a: "x" }), validate.errors);`,
    },
    packages: ["ajv", "fast-deep-equal", "json-schema-traverse", "fast-uri", "require-from-string"],
  },
];
