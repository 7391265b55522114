/** The standard library as it is built: every source as Pyodide has it, and bytecode of what instances import themselves. */
import { readFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { PYODIDE_FILES } from "../../src/guest-assets.ts";
import { LIBRARY_SECTION } from "../../src/protocol/worker-messages.ts";

/** The types of Node have no WebAssembly. */
interface Engine {
  Module: (new (bytes: Uint8Array<ArrayBuffer>) => object) & {
    customSections(module: object, name: string): ArrayBuffer[];
  };
}
const { Module } = Reflect.get(globalThis, "WebAssembly") as Engine;

/** PEP 552: bytecode that goes with a source by its hash (1), and is not checked against it (without 2). */
const UNCHECKED_HASH = 1;

const bytesOf = async (url: string): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await readFile(new URL(url)));

let own: Readonly<Record<string, Uint8Array>>;
let built: Readonly<Record<string, Uint8Array>>;

beforeAll(async () => {
  own = unzipSync(await bytesOf(import.meta.resolve("pyodide/python_stdlib.zip")));
  const module = new Module(await bytesOf(PYODIDE_FILES.standardLibrary));
  const [archive] = Module.customSections(module, LIBRARY_SECTION);
  built = unzipSync(new Uint8Array(archive ?? new ArrayBuffer(0)));
});

const hasBytecode = (name: string): boolean => `${name}.pyc` in built;

describe("compileLibrary()", () => {
  it("compileLibrary() keeps each source as Pyodide has it when it adds the bytecode", () => {
    const sources = Object.keys(own).filter((name) => !name.endsWith("/"));
    expect(sources.length).toBeGreaterThan(500);
    expect(
      sources.filter((name) => Buffer.compare(built[name] ?? Buffer.of(), own[name] ?? Buffer.of()) !== 0),
    ).toEqual([]);
    const others = Object.keys(built).filter((name) => !(name in own));
    expect(others.filter((name) => !(name.endsWith(".pyc") && name.slice(0, -1) in own))).toEqual([]);
  });

  it("compileLibrary() adds bytecode that is taken as it is when a module is imported", () => {
    for (const name of ["argparse", "xml/etree/ElementTree", "tomllib/_parser", "unittest/case"]) {
      const bytecode = Buffer.from(built[`${name}.pyc`] ?? []);
      expect(bytecode.readUInt32LE(4), name).toBe(UNCHECKED_HASH);
      expect(bytecode.includes(`/lib/python314.zip/${name}.py`), name).toBe(true);
    }
  });

  it("compileLibrary() leaves bytecode out when the snapshot has the module, or a guest cannot use it", () => {
    for (const name of ["asyncio/events", "json/decoder", "multiprocessing/pool", "idlelib/idle"]) {
      expect(hasBytecode(name), name).toBe(false);
    }
  });
});
