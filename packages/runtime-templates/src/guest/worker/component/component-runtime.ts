/** The component runtime of a worker: one instance of a component by jco's glue, linked to WASI 0.2. */
import type { GuestComponentProgram } from "../../../protocol/guest-program.ts";
import type { ComponentAssets } from "../../../protocol/worker-messages.ts";
import { GuestFailure, type GuestRuntime } from "../guest-runtime.ts";
import type { CallHost } from "../host-calls.ts";
import { callFunction } from "./call-function.ts";
import { createCoreInstances } from "./core-instances.ts";
import { type Glue, loadGlue } from "./glue.ts";
import { createComponentStorage } from "./wasi/storage.ts";
import { createWasi } from "./wasi/wasi.ts";

interface Bound {
  readonly program: GuestComponentProgram;
  readonly callHost: CallHost;
  /** What is wrong with it is told by the run: an instance that waits for one has nobody to tell it to. */
  readonly glue: Glue | GuestFailure;
}

export function createComponentRuntime(): GuestRuntime<ComponentAssets, GuestComponentProgram> {
  const storage = createComponentStorage();
  let glueUrl = "";
  let bound: Bound | undefined;

  return {
    async boot({ gluePath }) {
      glueUrl = new URL(gluePath, location.href).href;
    },

    async bind(program, callHost) {
      bound = { program, callHost, glue: await loadGlue(glueUrl).catch(toLoadFailure) };
    },

    openStorage: () => storage,

    async run({ input, environment }, output) {
      if (!bound) throw new Error("run() before bind()");
      const { program, callHost, glue } = bound;
      if (glue instanceof GuestFailure) throw glue;
      const cores = createCoreInstances(program.fuel);
      const modules = new Map(program.modules.map(({ name, module }) => [name, module]));
      // None of the component's code has run before the call: it finds its environment from its first instruction on.
      const start = (): ReturnType<Glue["instantiate"]> =>
        glue.instantiate(
          (name) => findModule(modules, name),
          createWasi({ program, environment, storage, callHost, output }),
          cores.instantiate,
        );
      const call = JSON.parse(input) as { readonly function: number; readonly input: unknown };
      const called = program.functions[call.function];
      if (called === undefined) throw new Error(`the component has no function number ${call.function}`);
      return callFunction(start, called, { input: call.input, cores });
    },
  };
}

function findModule(modules: ReadonlyMap<string, WebAssembly.Module>, name: string): WebAssembly.Module {
  const module = modules.get(name);
  if (module === undefined) throw new Error(`the component has no core module ${name}`);
  return module;
}

function toLoadFailure(error: unknown): GuestFailure {
  const reason = error instanceof Error ? error.message : String(error);
  return new GuestFailure("execution_failed", `the component's glue could not be loaded: ${reason}`);
}
