/** Where the files are that the host serves to a sandbox. */
import type { GuestRuntimeName } from "./protocol/guest-program.ts";

/** File URL of what build.ts has made: from source and from the built package it is the same file. */
const guestFile = (name: string): string => new URL(`../dist/guest/${name}`, import.meta.url).href;

export const PAGE_SCRIPT = guestFile("page.js");

export const WORKER_SCRIPTS: Readonly<Record<GuestRuntimeName, string>> = {
  python: guestFile("python-worker.js"),
  node: guestFile("node-worker.js"),
  wasm: guestFile("wasm-worker.js"),
  component: guestFile("component-worker.js"),
};

/** File URLs of the Pyodide release that the python worker was bundled with, its library with bytecode. */
export const PYODIDE_FILES = {
  module: import.meta.resolve("pyodide/pyodide.asm.wasm"),
  standardLibrary: guestFile("standard-library.wasm"),
} as const;
