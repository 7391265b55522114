/** A program as it travels to the page: what core's `Program` becomes once the host has prepared it for its runtime. */

import type { WitFunction } from "@toolpocket/wit";

/** A file of the tool, its path relative to the tool's folder. */
export interface GuestFile {
  readonly path: string;
  readonly content: Uint8Array;
}

export interface GuestPythonProgram {
  readonly runtime: "python";
  readonly entry:
    /** With `module`, the file is run as `python -m` runs a module. */
    | { readonly kind: "script"; readonly path: string; readonly module?: string }
    | { readonly kind: "function"; readonly path: string; readonly function: string }
    | { readonly kind: "wheel"; readonly path: string; readonly module: string }
    /** Runs the code that each run of a session brings. */
    | { readonly kind: "session" };
  readonly args: readonly string[];
  readonly files: readonly GuestFile[];
  readonly wheels: readonly GuestWheel[];
}

/** A wheel to install: unpacked once for all instances. */
export interface GuestWheel {
  /** Where the tool has it, for messages. */
  readonly path: string;
  /** Paths count from the folder of packages, and may leave it. */
  readonly files: readonly GuestFile[];
  /** Why it cannot be installed. */
  readonly failure?: string;
}

export interface GuestNodeProgram {
  readonly runtime: "node";
  /** Path of the entry file as the tool's author knows it. */
  readonly entry: string;
  readonly function?: string;
  readonly args: readonly string[];
  /** What the entry file is: an ES module in `code`, or CommonJS that the guest loads from `files`. */
  readonly format: "module" | "commonjs";
  /** Builtin modules that the tool names, which an instance may make ready before its call. */
  readonly builtins: readonly string[];
  /** Every ES module of the tool as the body of one async function of `$tp`, empty where there is none; see docs/node-runtime.md. */
  readonly code: string;
  /** Source map of `code` (version 3, JSON), from which stack traces name the tool's own files and lines. */
  readonly sourceMap: string;
  readonly files: readonly GuestFile[];
}

/** How the meter that the host has put into a module is used. */
export interface GuestFuel {
  /** The exported global that counts down: without fuel nothing runs. */
  readonly global: string;
  /** The export that stands in for the module's start function, where it had one: it is called once there is fuel. */
  readonly start: string;
  readonly budget: number;
}

export interface GuestWasmProgram {
  readonly runtime: "wasm";
  /** How messages call the module; also its first argument. */
  readonly name: string;
  readonly module: WebAssembly.Module;
  /** The export that is called; `_start` where the module has none of this name. */
  readonly entrypoint: string;
  readonly enableWasi: boolean;
  readonly fuel: GuestFuel;
}

export interface GuestComponentProgram {
  readonly runtime: "component";
  /** How messages call the component; also its first argument. */
  readonly name: string;
  /** The core modules, under the names by which jco's glue asks for them. */
  readonly modules: readonly { readonly name: string; readonly module: WebAssembly.Module }[];
  /** The exported functions that can be called: a run's input is `{ function, input }`, the first an index of these. */
  readonly functions: readonly WitFunction[];
  /** Each core module has the whole budget. */
  readonly fuel: GuestFuel;
}

export type GuestProgram = GuestPythonProgram | GuestNodeProgram | GuestWasmProgram | GuestComponentProgram;
export type GuestRuntimeName = GuestProgram["runtime"];
