/** jco as it is used in Node: a component transpiled, instantiated anew for each call, in this process and unsandboxed. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpileBytes } from "@bytecodealliance/jco-transpile";
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";
import { engine } from "../engine.ts";
import { time } from "../samples.ts";

export interface NodeComponent {
  /** From the bytes to the first result, in milliseconds. */
  readonly firstCallMs: number;
  /** Milliseconds of one call in an instance of its own; the modules are compiled already. */
  call(): Promise<number>;
}

type Module = Awaited<ReturnType<typeof engine.compile>>;
interface Glue {
  instantiate(find: (name: string) => Module | undefined, imports: unknown): Promise<{ greet(name: string): string }>;
}

export async function openNodeComponent(component: Uint8Array, folder: string): Promise<NodeComponent> {
  const script = join(folder, "greeter.mjs");
  const modules = new Map<string, Module>();
  let glue: Glue | undefined;
  const greet = async (): Promise<string | undefined> => {
    const instance = await glue?.instantiate((name) => modules.get(name), new WASIShim().getImportObject());
    return instance?.greet("Ada");
  };
  const firstCallMs = await time(async () => {
    const { files } = await transpileBytes(component, { name: "greeter", instantiation: "async" });
    await mkdir(folder, { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      if (path.endsWith(".wasm")) modules.set(path, await engine.compile(new Uint8Array(content)));
      else if (path.endsWith(".js")) await writeFile(script, content);
    }
    glue = (await import(pathToFileURL(script).href)) as Glue;
    if ((await greet()) !== "Hello Ada") throw new Error("the component did not greet");
  });
  return { firstCallMs, call: () => time(greet) };
}
