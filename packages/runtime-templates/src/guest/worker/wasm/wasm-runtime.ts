/** The wasm runtime of a worker: one instance of a compiled module, with WASI where the tool has it enabled. */
import type { GuestWasmProgram } from "../../../protocol/guest-program.ts";
import type { WasmAssets } from "../../../protocol/worker-messages.ts";
import { GuestFailure, type GuestRuntime } from "../guest-runtime.ts";
import { checkModule, WASI_MODULE } from "./check-module.ts";
import { createFuelMeter } from "./fuel-meter.ts";
import { runEntry } from "./run-entry.ts";
import { createWasiStorage } from "./wasi/storage.ts";
import { createWasi, type Wasi } from "./wasi/wasi.ts";

interface Prepared {
  readonly program: GuestWasmProgram;
  readonly wasi: Wasi;
  /** Made before the call: that runs none of the module's code, because a metered module has no start function. */
  readonly instance: WebAssembly.Instance | GuestFailure;
}

export function createWasmRuntime(): GuestRuntime<WasmAssets, GuestWasmProgram> {
  const storage = createWasiStorage();
  let prepared: Prepared | undefined;

  return {
    async boot() {
      // The engine is the runtime: there is nothing to start.
    },

    async bind(program) {
      const wasi = createWasi();
      prepared = { program, wasi, instance: instantiate(program, wasi) };
    },

    openStorage: () => storage,

    async run({ input, environment }, output) {
      if (!prepared) throw new Error("run() before bind()");
      const { program, wasi, instance } = prepared;
      wasi.connect({
        args: [program.name],
        environment,
        folders: storage.folders,
        stdin: input,
        stdout: (bytes) => output.stdout(bytes),
        stderr: (bytes) => output.stderr(bytes),
      });
      if (instance instanceof GuestFailure) throw instance;
      return runEntry(instance, { program, wasi, meter: createFuelMeter(instance, program.fuel) });
    },
  };
}

/** What is wrong with the module is told by the run: an instance that waits for one has nobody to tell it to. */
function instantiate(program: GuestWasmProgram, wasi: Wasi): WebAssembly.Instance | GuestFailure {
  try {
    checkModule(program);
    const instance = new WebAssembly.Instance(program.module, { [WASI_MODULE]: wasi.imports });
    const { memory } = instance.exports;
    wasi.attach(memory instanceof WebAssembly.Memory ? memory : undefined);
    return instance;
  } catch (error) {
    if (error instanceof GuestFailure) return error;
    const reason = error instanceof Error ? error.message : String(error);
    return new GuestFailure("execution_failed", `the module could not be instantiated: ${reason}`);
  }
}
