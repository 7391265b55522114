/** Messages between a sandbox's page and the worker that is one instance. The worker is the guest: what it sends is untrusted. */
import type { GuestFile, GuestProgram } from "./guest-program.ts";
import type { GuestCallMessage, HostAnswerMessage } from "./host-calls.ts";
import type { LoadedStorage, StorageChange } from "./storage.ts";

/** The custom section with the archive of Python's standard library. */
export const LIBRARY_SECTION = "python-library";

/** What a runtime needs to start, fetched once by the page and handed to each worker. */
export interface PythonAssets {
  readonly runtime: "python";
  readonly module: WebAssembly.Module;
  /** Carries the archive in its section `LIBRARY_SECTION`. */
  readonly standardLibrary: WebAssembly.Module;
  /** Fills the interpreter's memory, see encode-snapshot.ts. Absent only while the snapshot itself is being made. */
  readonly snapshot?: WebAssembly.Module;
}
export interface NodeAssets {
  readonly runtime: "node";
}
export interface WasmAssets {
  readonly runtime: "wasm";
}
export interface ComponentAssets {
  readonly runtime: "component";
  /** Where the glue of the tool will be, once the sandbox is bound to one. */
  readonly gluePath: string;
}
export type GuestAssets = PythonAssets | NodeAssets | WasmAssets | ComponentAssets;

export interface GuestLimits {
  readonly maxMemoryBytes: number;
  /** Cap of stdout and the value together; stderr has the same cap of its own. */
  readonly maxOutputBytes: number;
}

export type ToWorker =
  | { readonly type: "boot"; readonly assets: GuestAssets; readonly maxMemoryBytes: number }
  /** Boots without a snapshot, makes one and sends it back; python only. */
  | { readonly type: "make-snapshot"; readonly assets: PythonAssets }
  | { readonly type: "bind"; readonly program: GuestProgram }
  | {
      readonly type: "run";
      /** JSON in UTF-8. */
      readonly input: Uint8Array<ArrayBuffer>;
      readonly environment: Readonly<Record<string, string>>;
      readonly maxOutputBytes: number;
      /** The granted folders. */
      readonly storage: readonly LoadedStorage[];
      /** Present where the worker is a session's, and runs again: what the page sets to 2 to interrupt its program. */
      readonly interrupts?: SharedArrayBuffer;
      /** Whether the exit is to tell what the program has imported of its packages; python only. */
      readonly listsModules?: boolean;
    }
  /** Asks for the bytecode of modules, by their paths in the folder of packages; of a worker that runs nothing. */
  | { readonly type: "compile"; readonly files: readonly GuestFile[] }
  /** Gives up what the program waits for, so that it sees its interrupt. */
  | { readonly type: "interrupt" }
  /** `bytes`: the chunk of an `answer-data`. */
  | { readonly type: "host-answer"; readonly message: HostAnswerMessage; readonly bytes?: Uint8Array };

export const GUEST_FAILURE_CODES = [
  "execution_failed",
  "fuel_exhausted",
  "memory_exceeded",
  "output_too_large",
  "runtime_policy_invalid",
] as const;
export type GuestFailureCode = (typeof GUEST_FAILURE_CODES)[number];

/** What a runtime measures of a run. */
export interface GuestMeasures {
  readonly peakMemoryBytes?: number;
  /** Fuel consumed; wasm only. */
  readonly fuel?: number;
}

export type FromWorker =
  | { readonly type: "booted" }
  | { readonly type: "snapshot"; readonly bytes: ArrayBuffer }
  | { readonly type: "bound" }
  | { readonly type: "compiled"; readonly files: readonly GuestFile[] }
  | { readonly type: "output"; readonly stdout: Uint8Array; readonly stderr: Uint8Array }
  /** `bytes`: the chunk of a `call-data`. */
  | { readonly type: "host-call"; readonly message: GuestCallMessage; readonly bytes?: Uint8Array }
  /** What the run changed in its folders; before `exited`, once, and only where something changed. */
  | { readonly type: "changes"; readonly changes: readonly StorageChange[]; readonly contents: Uint8Array }
  | (GuestMeasures & {
      readonly type: "exited";
      readonly exitCode: number;
      /** JSON text of the returned value, in UTF-8. */
      readonly value?: Uint8Array;
      /** Paths in the folder of packages, where they were asked for. */
      readonly modules?: readonly string[];
      readonly stdout: Uint8Array;
      readonly stderr: Uint8Array;
    })
  | (GuestMeasures & {
      readonly type: "failed";
      readonly code: GuestFailureCode;
      readonly message: string;
      readonly stdout: Uint8Array;
      readonly stderr: Uint8Array;
    });

/** How a run ended, as the worker tells it. */
export type RunEnd = Extract<FromWorker, { type: "exited" | "failed" }>;
