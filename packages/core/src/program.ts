/** A program: the code of a tool, read and ready to be run by an invoker. */
import type { WitFunction } from "@toolpocket/wit";

/** Content by path relative to the tool's folder, with `/` between segments. */
export type ToolFiles = ReadonlyMap<string, Uint8Array>;

/** Where the wheels of packages stand among a program's files. */
export const PACKAGES_FOLDER = ".wheels";

/** A wheel that the tool brings in its tree, or one of a package that it asks for. */
export interface Wheel {
  readonly path: string;
  /** Distribution name and version, from the file name (PEP 427). */
  readonly name: string;
  readonly version: string;
  /** `sha256-` and hex of the file. */
  readonly digest: string;
}

export type PythonEntry =
  /** Runs the file as `__main__`: JSON on stdin, result on stdout. */
  | {
      readonly kind: "script";
      readonly path: string;
      /**
       * Dotted name, where the file is run as `python -m` runs a module: the folder that holds the package (what stands
       * in `path` before the module's own path) is on `sys.path`, and relative imports work.
       */
      readonly module?: string;
    }
  /** Calls the function with the input's keys; the result is the return value. */
  | { readonly kind: "function"; readonly path: string; readonly function: string }
  /** Installs the wheel, then `import module; module.main()`: JSON on stdin, result on stdout. */
  | { readonly kind: "wheel"; readonly path: string; readonly module: string };

/** The entry of a session's program, which no tool has: each run brings its code. */
export interface SessionEntry {
  readonly kind: "session";
}

export interface PythonProgram {
  readonly runtime: "python";
  readonly entry: PythonEntry | SessionEntry;
  /** Arguments after the entry file: `sys.argv[1:]`. */
  readonly args: readonly string[];
  readonly files: ToolFiles;
  readonly wheels: readonly Wheel[];
}

export interface NodeEntry {
  readonly path: string;
  /** The export to call with the input. Without it: a default export that is a function is called, else it is a script. */
  readonly function?: string;
}

export interface NodeProgram {
  readonly runtime: "node";
  readonly entry: NodeEntry;
  /** Arguments after the entry file: `process.argv.slice(2)`. */
  readonly args: readonly string[];
  readonly files: ToolFiles;
}

/** What the request of contract v1 tells a wasm tool beside its input. */
export interface ContractContext {
  readonly namespace?: string;
  readonly capabilities: readonly string[];
  readonly riskLevel?: RiskLevel;
  readonly auth?: ContractAuth;
}

export const RISK_LEVELS = ["low", "medium", "high", "critical"] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

export const AUTH_PROFILES = ["bearer", "api_key_header", "basic", "oauth2_client_credentials"] as const;
export type AuthProfile = (typeof AUTH_PROFILES)[number];

/** The header that a tool expects its credential in. The value comes with each call, from the environment of the call. */
export interface ContractAuth {
  readonly profile: AuthProfile;
  readonly headerName: string;
  /** The environment variable that holds the credential. */
  readonly environmentName: string;
}

export interface WasmProgram {
  readonly runtime: "wasm";
  /** A WebAssembly module, and how messages call it. */
  readonly module: { readonly name: string; readonly bytes: Uint8Array };
  /** The export that is called; `_start` where the module has none of this name. */
  readonly entrypoint: string;
  /** Whether the module may import WASI preview 1. */
  readonly enableWasi: boolean;
  readonly contract: ContractContext;
}

export interface ComponentProgram {
  readonly runtime: "component";
  /** A WebAssembly component, and how messages call it. */
  readonly module: { readonly name: string; readonly bytes: Uint8Array };
  /** The exported functions that are tools; a run's input says which of them it calls. */
  readonly functions: readonly WitFunction[];
  /** The interfaces that the component imports, as it names them. */
  readonly imports: readonly string[];
}

export type Program = PythonProgram | NodeProgram | WasmProgram | ComponentProgram;
export type Runtime = Program["runtime"] | "function" | "mcp";
