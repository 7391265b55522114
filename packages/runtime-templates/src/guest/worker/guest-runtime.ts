/** What a runtime is inside a worker: boot once, bind one program, run it once. */
import type { GuestFile, GuestProgram } from "../../protocol/guest-program.ts";
import type { CallHost } from "./host-calls.ts";
import type { GuestAssets, GuestFailureCode, GuestMeasures } from "../../protocol/worker-messages.ts";
import type { StorageMount } from "./storage/storage-view.ts";

export interface GuestCall {
  /** The input as JSON in UTF-8: most programs read it as bytes, so it is made text of only where it has to be. */
  readonly input: Uint8Array;
  readonly environment: Readonly<Record<string, string>>;
  /** Where the page asks a session's program to stop, by setting it to 2. */
  readonly interrupts?: SharedArrayBuffer;
  /** Whether the exit is to tell which modules of its packages the program has imported. */
  readonly listsModules?: boolean;
}

export interface GuestExit extends GuestMeasures {
  readonly exitCode: number;
  /** JSON text of the returned value, for entries that are functions. */
  readonly value?: string;
  /** Files of modules, their paths counted from the folder of packages; python only. */
  readonly modules?: readonly string[];
}

/** Where a running program's bytes go. Writing past the output limit throws `GuestFailure`. */
export interface GuestOutput {
  stdout(bytes: Uint8Array): void;
  stderr(bytes: Uint8Array): void;
  /** Tells that the program has ended: what is still written travels with the result. */
  hold(): void;
}

export interface GuestRuntime<Assets extends GuestAssets, Program extends GuestProgram> {
  /** Starts the interpreter; everything that needs the worker's full powers happens here, before the lockdown. */
  boot(assets: Assets, maxMemoryBytes: number): Promise<void>;
  /** Loads the program without running any of its code. `callHost` is its way to the host once it runs. */
  bind(program: Program, callHost: CallHost): Promise<void>;
  /** Boots without a snapshot and makes one, where the runtime has such a thing. */
  makeSnapshot?(assets: Assets): Promise<ArrayBuffer>;
  /** The file system that granted folders go into, for the run that comes; absent where the runtime has none. */
  openStorage?(): StorageMount;
  /** Runs the program to its end. What it does wrong ends in an exit code and text on stderr, as it would outside. */
  run(call: GuestCall, output: GuestOutput): Promise<GuestExit>;
  /** The bytecode of modules, in the folder of packages as they are; runs none of their code. Python only. */
  compile?(files: readonly GuestFile[]): readonly GuestFile[];
  /** Ends what a session's program waits for; absent where the runtime has no sessions. */
  interrupt?(): void;
}

/** Ends a run with an outcome code instead of an exit code. */
export class GuestFailure extends Error {
  override readonly name = "GuestFailure";
  readonly code: GuestFailureCode;
  readonly measures: GuestMeasures;
  constructor(code: GuestFailureCode, message: string, measures: GuestMeasures = {}) {
    super(message);
    this.code = code;
    this.measures = measures;
  }

  withMeasures(measures: GuestMeasures): GuestFailure {
    return new GuestFailure(this.code, this.message, measures);
  }
}
