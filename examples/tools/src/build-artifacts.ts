/** Says which tools are built, and from what. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { buildComponent } from "./build-component.ts";
import { buildWheel } from "./build-wheel.ts";

/** The folder of the tools. */
export const TOOLS = join(import.meta.dirname, "..");

export interface Artifact {
  /** Relative to the folder of the tools. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** What stands in `dist/`: the same bytes each time. */
export async function buildArtifacts(): Promise<readonly Artifact[]> {
  return [
    { path: "slugify/dist/index.js", content: bundleScript(new URL("../slugify/src/index.ts", import.meta.url)) },
    {
      path: "business-days/dist/business_days-1.0.0-py3-none-any.whl",
      content: await buildWheel({
        folder: join(TOOLS, "business-days/src"),
        module: "business_days",
        version: "1.0.0",
      }),
    },
    { path: "loan/dist/loan.wasm", content: await buildComponent(join(TOOLS, "loan"), "src/loan.as") },
  ];
}

/** One CommonJS file for node. */
function bundleScript(entry: URL): Uint8Array {
  const { outputFiles } = buildSync({
    absWorkingDir: TOOLS,
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    charset: "utf8",
    platform: "node",
    target: "es2022",
    write: false,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild made nothing of ${entry.href}`);
  return file.contents;
}
