/** Runs a module in this process with Node's own WASI: the other implementation that results are compared with. */
import { randomUUID } from "node:crypto";
import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { WASI } from "node:wasi";

/** The types of Node have no WebAssembly. */
interface Engine {
  compile(bytes: Uint8Array): Promise<object>;
  Instance: new (module: object, imports: object) => object;
}

const engine = Reflect.get(globalThis, "WebAssembly") as Engine;

export type NodeModule = object;

export function compileInNode(bytes: Uint8Array): Promise<NodeModule> {
  return engine.compile(bytes);
}

/** What a fresh instance of the module writes to stdout for this stdin. */
export async function runInNode(module: NodeModule, stdin: string, scratch: string): Promise<string> {
  const [input, output] = [join(scratch, randomUUID()), join(scratch, randomUUID())];
  await writeFile(input, stdin);
  const [from, to] = await Promise.all([open(input), open(output, "w")]);
  try {
    const args = ["tool.wasm"];
    const wasi = new WASI({ version: "preview1", args, stdin: from.fd, stdout: to.fd, returnOnExit: true });
    wasi.start(new engine.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport }));
    return await readFile(output, "utf8");
  } finally {
    await Promise.all([from.close(), to.close()]);
  }
}
