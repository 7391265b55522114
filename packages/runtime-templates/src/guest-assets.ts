/** Where the files are that the host serves to a sandbox. */
import type { GuestRuntimeName } from "./protocol/guest-program.ts";

/** File URL of a bundle that build.ts has made: from source and from the built package it is the same file. */
const guestFile = (name: string): string => new URL(`../dist/guest/${name}.js`, import.meta.url).href;

export const PAGE_SCRIPT = guestFile("page");

export const WORKER_SCRIPTS: Readonly<Record<GuestRuntimeName, string>> = {
  python: guestFile("python-worker"),
  node: guestFile("node-worker"),
  wasm: guestFile("wasm-worker"),
  component: guestFile("component-worker"),
};

/** File URLs of the Pyodide release that the python worker was bundled with. */
export const PYODIDE_FILES = {
  module: import.meta.resolve("pyodide/pyodide.asm.wasm"),
  standardLibrary: import.meta.resolve("pyodide/python_stdlib.zip"),
} as const;
