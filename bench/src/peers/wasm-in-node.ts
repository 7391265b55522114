/** The ways to run a wasm module with a fresh instance for each call inside of Node. */
import { createPlugin } from "@extism/extism";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { WASI } from "node:wasi";
import { engine } from "../engine.ts";
import { time } from "../samples.ts";

export interface WasmPeer {
  /** Milliseconds of one call. */
  call(): Promise<number>;
}

const INPUT = '{"city":"Seoul"}';

/** A command with node's own WASI, on the host's thread: its streams are files, because it knows no others. */
export async function openNodeWasi(bytes: Uint8Array<ArrayBuffer>, folder: string): Promise<WasmPeer> {
  const module = await engine.compile(bytes);
  const [input, output] = [join(folder, "stdin"), join(folder, "stdout")];
  await writeFile(input, INPUT);
  return {
    call: () =>
      time(async () => {
        await using from = await open(input);
        await using to = await open(output, "w+");
        const wasi = new WASI({ version: "preview1", stdin: from.fd, stdout: to.fd, returnOnExit: true });
        wasi.start(await engine.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport }));
        const { bytesRead } = await to.read(Buffer.alloc(1_024), { position: 0 });
        if (bytesRead === 0) throw new Error("node:wasi's module wrote nothing");
      }),
  };
}

/** A plugin of Extism: on the host's thread, or in a worker, from which alone a call that does not end can be ended. */
export async function openExtism(bytes: Uint8Array<ArrayBuffer>, runInWorker: boolean): Promise<WasmPeer> {
  const module = await engine.compile(bytes);
  return {
    call: () =>
      time(async () => {
        const plugin = await createPlugin(module, { runInWorker });
        const answer = await plugin.call("run", INPUT);
        if (answer?.text() !== INPUT) throw new Error("Extism's plugin answered something else");
        await plugin.close();
      }),
  };
}
