/** Builds a WebAssembly component of AssemblyScript and WIT. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { componentEmbed, componentNew } from "@bytecodealliance/jco-transpile/wasm-tools";
import compiler from "assemblyscript/asc";

/** @param folder holds `wit/world.wit` and the source */
export async function buildComponent(folder: string, source: string): Promise<Uint8Array> {
  const [witSource, text] = await Promise.all(
    ["wit/world.wit", source].map((path) => readFile(join(folder, path), "utf8")),
  );
  let binary: Uint8Array | undefined;
  const { error, stderr } = await compiler.main(
    ["tool.ts", "--outFile", "tool.wasm", "--runtime", "stub", "--use", "abort=", "-Oz"],
    {
      readFile: (name) => (name === "tool.ts" ? (text ?? null) : null),
      writeFile: (name, content) => {
        if (name.endsWith(".wasm") && typeof content !== "string") binary = content;
      },
      listFiles: () => [],
    },
  );
  if (error || binary === undefined || witSource === undefined) throw new Error(stderr.toString());
  return componentNew(await componentEmbed({ binary, witSource }), []);
}
