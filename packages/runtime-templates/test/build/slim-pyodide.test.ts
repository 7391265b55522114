/** The slim loader beside Pyodide's own: the same interpreter, for programs and for native extensions. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { assembleWat } from "@toolpocket/test-kit/assemble-wat";
import { loadPyodide, type PyodideAPI } from "pyodide";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { slimLoader } from "../../build/slim-pyodide.ts";

const LOADER = fileURLToPath(import.meta.resolve("pyodide/pyodide.asm.mjs"));

/** What of a loaded interpreter's module is looked at. */
interface LoaderModule {
  readonly [name: `_${string}`]: unknown;
  loadDynamicLibrary(path: string, flags: object, localScope: object): void;
}

/** Calls a function of the interpreter by its name and through the table of functions. */
const EXTENSION = `(module
  (import "env" "memory" (memory 1))
  (import "env" "__indirect_function_table" (table 1 funcref))
  (import "GOT.func" "Py_GetVersion" (global $address (mut i32)))
  (import "GOT.mem" "Py_Version" (global $version (mut i32)))
  (import "env" "Py_GetVersion" (func $byName (result i32)))
  (type $function (func (result i32)))
  (func (export "functions_agree") (result i32)
    (i32.eq (call $byName) (call_indirect (type $function) (global.get $address))))
  (func (export "read_version") (result i32) (i32.load (global.get $version)))
  (func (export "Py_GetBuildInfo") (result i32) (i32.const 7)))`;
/** The section that makes a module a dynamic library which needs neither memory nor table of its own. */
const DYLINK = Uint8Array.of(0, 15, 8, ...Buffer.from("dylink.0"), 1, 4, 0, 0, 0, 0);

let folder: string;
let source: string;
let interpreters: { readonly own: PyodideAPI; readonly slim: PyodideAPI };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pocket-slim-"));
  source = await readFile(LOADER, "utf8");
  interpreters = { own: await start(source, "own"), slim: await start(slimLoader(source), "slim") };
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function start(loader: string, name: string): Promise<PyodideAPI> {
  const path = join(folder, `${name}.mjs`);
  await writeFile(path, loader);
  const { default: createPyodideModule } = (await import(pathToFileURL(path).href)) as { default: unknown };
  return loadPyodide({ indexURL: dirname(LOADER), createPyodideModule } as Parameters<typeof loadPyodide>[0]);
}

const moduleOf = (pyodide: PyodideAPI): LoaderModule => (pyodide as unknown as { _module: LoaderModule })._module;

interface Extension {
  functions_agree(): number;
  read_version(): number;
}

async function loadExtension(pyodide: PyodideAPI): Promise<Extension> {
  const bytes = await assembleWat(EXTENSION, "extension.wat");
  pyodide.FS.writeFile("/extension.so", Buffer.concat([bytes.subarray(0, 8), DYLINK, bytes.subarray(8)]));
  const symbols = {};
  moduleOf(pyodide).loadDynamicLibrary("/extension.so", { loadAsync: false, nodelete: true }, symbols);
  return symbols as Extension;
}

describe("slimLoader()", () => {
  it("slimLoader() leaves out a third of the loader when it is given Pyodide's", () => {
    expect(slimLoader(source).length).toBeLessThan(source.length * 0.7);
  });

  it("slimLoader() starts the same interpreter when it is loaded", () => {
    const program = `
import json, sys, hashlib, re, zlib
json.dumps([sys.version, hashlib.sha256(b"text").hexdigest(), sorted(sys.builtin_module_names), zlib.crc32(b"text")])`;
    expect(interpreters.slim.runPython(program)).toBe(interpreters.own.runPython(program));
  });

  it("Module gives an export that the loader does not read when somebody asks for it by name", () => {
    const [own, slim] = [moduleOf(interpreters.own), moduleOf(interpreters.slim)];
    const names = Object.keys(own).filter((name): name is `_${string}` => /^_[A-Za-z_]/u.test(name));
    expect(names.length).toBeGreaterThan(4_000);
    expect(names.filter((name) => typeof slim[name] !== typeof own[name])).toEqual([]);
    expect(slim._PyExc_ValueError).toBe(own._PyExc_ValueError);
    expect(slim._there_is_no_such_export).toBeUndefined();
  });

  it("an extension finds functions, their addresses and data of the interpreter when it is linked", async () => {
    for (const pyodide of [interpreters.own, interpreters.slim]) {
      const extension = await loadExtension(pyodide);
      expect(extension.functions_agree()).toBe(1);
      expect(extension.read_version()).toBe(pyodide.runPython("import sys; sys.hexversion"));
    }
  });

  it("an extension does not replace a function of the interpreter when it exports one of that name", async () => {
    for (const pyodide of [interpreters.own, interpreters.slim]) {
      await loadExtension(pyodide);
      expect(pyodide.runPython("import sys, platform; platform.python_build()[0]")).toEqual(expect.any(String));
      expect((moduleOf(pyodide)._Py_GetBuildInfo as () => number)()).not.toBe(7);
    }
  });

  it("slimLoader() throws and names the text when a loader is written in another way", () => {
    expect(() => slimLoader(source.replace("var updateGOT=", "const updateGOT="))).toThrow(
      /hold this text once.*updateGOT/u,
    );
    expect(() => slimLoader(`${source}function assignWasmExports(wasmExports){}`)).toThrow("assignWasmExports");
  });
});
