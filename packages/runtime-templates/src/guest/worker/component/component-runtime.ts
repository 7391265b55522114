/** The component runtime of a worker: one instance of a component by jco's glue, linked to WASI 0.2. */
import type { GuestComponentProgram } from "../../../protocol/guest-program.ts";
import type { ComponentAssets } from "../../../protocol/worker-messages.ts";
import { GuestFailure, type GuestRuntime } from "../guest-runtime.ts";
import { callFunction } from "./call-function.ts";
import { type Glue, loadGlue } from "./glue.ts";
import { linkComponent, type LinkedComponent, type LinkOptions } from "./linked-component.ts";
import { createComponentStorage } from "./wasi/storage.ts";

interface Bound {
  readonly options: LinkOptions;
  /** Made ahead of the call; absent where the component has to be asked again, once there is one. */
  readonly linked: LinkedComponent | undefined;
}

export function createComponentRuntime(): GuestRuntime<ComponentAssets, GuestComponentProgram> {
  const storage = createComponentStorage();
  let glueUrl = "";
  /** What is wrong with a component is told by the run: an instance that waits for one has nobody to tell it to. */
  let bound: Bound | GuestFailure | undefined;

  return {
    async boot({ gluePath }) {
      glueUrl = new URL(gluePath, location.href).href;
    },

    async bind(program, callHost) {
      const glue = await loadGlue(glueUrl).catch(toLoadFailure);
      if (glue instanceof GuestFailure) bound = glue;
      else {
        const options = { program, glue, storage, callHost };
        bound = { options, linked: await linkComponent(options).catch(() => undefined) };
      }
    },

    openStorage: () => storage,

    async run({ input, environment }, output) {
      if (!bound) throw new Error("run() before bind()");
      if (bound instanceof GuestFailure) throw bound;
      const { options, linked } = bound;
      const call = JSON.parse(new TextDecoder().decode(input)) as {
        readonly function: number;
        readonly input: unknown;
      };
      const called = options.program.functions[call.function];
      if (called === undefined) throw new Error(`the component has no function number ${call.function}`);
      const context = { environment, output };
      linked?.connect(context);
      return callFunction(linked ?? (await linkComponent(options, context)), called, call.input);
    },
  };
}

function toLoadFailure(error: unknown): Glue | GuestFailure {
  const reason = error instanceof Error ? error.message : String(error);
  return new GuestFailure("execution_failed", `the component's glue could not be loaded: ${reason}`);
}
