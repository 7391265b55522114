/**
 * Messages between the host and a sandbox's page, each one frame. Bytes travel as the frame's parts, in the order given.
 * The host trusts nothing that comes from a page: it checks the shape of `FromPage` before use.
 */
import type { GuestFailureCode, GuestLimits, GuestMeasures } from "./worker-messages.ts";
import type { GuestComponentProgram, GuestNodeProgram, GuestPythonProgram, GuestWasmProgram } from "./guest-program.ts";
import type { GuestCallMessage, HostAnswerMessage } from "./host-calls.ts";
import type { StorageChange, StorageImage } from "./storage.ts";

/** A program without its bytes: file contents are parts, in the order of `paths`; a node program's code and source map follow; a wasm program's only part is its module. */
export type ProgramHeader =
  /** `wheels`: those of the paths that are to be installed. */
  | (Omit<GuestPythonProgram, "files" | "wheels"> & {
      readonly paths: readonly string[];
      readonly wheels: readonly string[];
    })
  | (Omit<GuestNodeProgram, "files" | "code" | "sourceMap"> & { readonly paths: readonly string[] })
  | (Omit<GuestWasmProgram, "module"> & { readonly paths: readonly [] })
  /** `paths`: the names of the core modules. */
  | (Omit<GuestComponentProgram, "modules"> & { readonly paths: readonly string[] });

export type ToPage =
  /** Parts: file contents, and for node code and source map. From now on the sandbox belongs to this tool. */
  | { readonly type: "bind"; readonly program: ProgramHeader; readonly limits: GuestLimits }
  /** How many instances to keep ready. */
  | { readonly type: "keep-ready"; readonly instances: number }
  /** Part 0: the input as JSON text; then the contents of each folder of `storage`. `id` is unguessable and used once. */
  | {
      readonly type: "run";
      readonly id: string;
      readonly environment: Readonly<Record<string, string>>;
      readonly storage: readonly StorageImage[];
      /** A run of the sandbox's session: it goes on in the instance that the one before has left, and leaves it for the next. */
      readonly session?: boolean;
    }
  /** Asks the program of a session's run to end; where it has not within `graceMs`, the page ends its instance as for `stop`. */
  | { readonly type: "interrupt"; readonly id: string; readonly graceMs: number }
  /** Destroys the instance of the sandbox's session: the next run begins in a fresh one. */
  | { readonly type: "reset" }
  /** What the host answers to a call of the run. Part 0: the chunk of an `answer-data`. */
  | { readonly type: "host-answer"; readonly id: string; readonly message: HostAnswerMessage }
  /** Ends the run at once; the page answers with `stopped`. */
  | { readonly type: "stop"; readonly id: string }
  /** Makes the runtime's memory snapshot and answers with `snapshot`. */
  | { readonly type: "make-snapshot" };

export type FromPage =
  /** The runtime is started and an instance waits. */
  | { readonly type: "booted" }
  /** The instance that the page could not make, and why; the sandbox is of no use. */
  | { readonly type: "boot-failed"; readonly message: string }
  /** The run has its instance: its clock runs from here. */
  | { readonly type: "started"; readonly id: string }
  /** Parts: stdout, stderr; what the run has written since the last message. */
  | { readonly type: "output"; readonly id: string }
  /** A call of the run. Part 0: the chunk of a `call-data`. */
  | { readonly type: "host-call"; readonly id: string; readonly message: GuestCallMessage }
  /** Part 0: the contents of the written files. Before `exited`, once. */
  | { readonly type: "changes"; readonly id: string; readonly changes: readonly StorageChange[] }
  /** Parts: stdout, stderr, and where `hasValue` the value's JSON text. */
  | (GuestMeasures & {
      readonly type: "exited";
      readonly id: string;
      readonly exitCode: number;
      readonly hasValue: boolean;
      /** Whether the run had to wait for its instance. */
      readonly waited: boolean;
    })
  /** Parts: stdout, stderr. */
  | (GuestMeasures & {
      readonly type: "failed";
      readonly id: string;
      readonly code: GuestFailureCode;
      readonly message: string;
      readonly waited: boolean;
    })
  | { readonly type: "stopped"; readonly id: string }
  /** Part 0: the snapshot. */
  | { readonly type: "snapshot" };
