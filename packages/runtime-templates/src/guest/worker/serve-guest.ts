/** The main loop of a worker: takes the page's messages and drives one runtime through boot, bind and run. */
import type { GuestProgram } from "../../protocol/guest-program.ts";
import type { FromWorker, GuestAssets, ToWorker } from "../../protocol/worker-messages.ts";
import { createOutputBuffer, toTransfer } from "./output-buffer.ts";
import { createHostCaller } from "./host-calls.ts";
import { GuestFailure, type GuestRuntime } from "./guest-runtime.ts";
import { lockDown } from "./lock-down.ts";
import { createStorageView } from "./storage/storage-view.ts";

/** Serves `runtime` to the page. `lockDown` runs between boot and bind: from then on the realm belongs to the guest. */
export function serveGuest<Assets extends GuestAssets, Program extends GuestProgram>(
  runtime: GuestRuntime<Assets, Program>,
): void {
  const post = self.postMessage.bind(self) as (message: FromWorker, transfer?: Transferable[]) => void;
  const host = createHostCaller((message, bytes) =>
    post({ type: "host-call", message, ...(bytes && { bytes }) }, bytes ? [bytes.buffer as ArrayBuffer] : []),
  );

  let running = false;

  async function handle(message: ToWorker): Promise<void> {
    switch (message.type) {
      case "boot":
        await runtime.boot(message.assets as Assets, message.maxMemoryBytes);
        lockDown();
        return post({ type: "booted" });
      case "bind":
        await runtime.bind(message.program as Program, host.callHost);
        return post({ type: "bound" });
      case "run":
        return run(message);
      case "compile":
        return post({ type: "compiled", files: runtime.compile?.(message.files) ?? [] });
      case "interrupt":
        if (!running) return;
        host.giveUp();
        return runtime.interrupt?.();
      case "host-answer":
        return host.receive(message.message, message.bytes);
      case "make-snapshot":
        if (!runtime.makeSnapshot) throw new Error("this runtime has no snapshot");
        return post({ type: "snapshot", bytes: await runtime.makeSnapshot(message.assets as Assets) });
    }
  }

  async function run(message: Extract<ToWorker, { type: "run" }>): Promise<void> {
    const isSession = message.interrupts !== undefined;
    // What a session writes beyond its limit is dropped: it lives on, and half of the limit is left for its value.
    const output = isSession
      ? createOutputBuffer(Math.floor(message.maxOutputBytes / 2), post, { overflow: "drop" })
      : createOutputBuffer(message.maxOutputBytes, post);
    host.begin();
    running = true;
    try {
      const mount = message.storage.length > 0 ? runtime.openStorage?.() : undefined;
      const view = mount && createStorageView(message.storage);
      view?.folders.forEach((folder) => mount?.mount(folder));
      const { value: text, ...exit } = await runtime.run(message, output);
      running = false;
      const value = text === undefined ? undefined : encoder.encode(text);
      if (value && !isSession) output.count(value.length);
      if (output.overflow) throw output.overflow;
      const changed = mount && exit.exitCode === 0 ? view?.collect(mount) : undefined;
      if (changed) post({ type: "changes", ...changed }, [changed.contents.buffer as ArrayBuffer]);
      const left = output.take();
      post({ type: "exited", ...exit, ...(value && { value }), ...left }, [
        ...toTransfer(left),
        ...(value ? [value.buffer] : []),
      ]);
    } catch (error) {
      running = false;
      // A program may have caught the overflow and gone on: the outcome stays.
      const failure = output.overflow ?? toFailure(error);
      post({ type: "failed", code: failure.code, message: failure.message, ...failure.measures, ...output.take() });
    }
  }

  self.addEventListener("message", (event: MessageEvent<ToWorker>) => {
    event.stopImmediatePropagation();
    handle(event.data).catch((error: unknown) => {
      const failure = toFailure(error);
      post({ type: "failed", code: failure.code, message: failure.message, ...NOTHING });
    });
  });
}

const encoder = new TextEncoder();
const NOTHING = { stdout: new Uint8Array(0), stderr: new Uint8Array(0) };

function toFailure(error: unknown): GuestFailure {
  if (error instanceof GuestFailure) return error;
  return new GuestFailure(
    "execution_failed",
    error instanceof Error ? `${error.name}: ${error.message}` : String(error),
  );
}
