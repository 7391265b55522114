/** Makes the files of tools for tests of manifests. */
import { strToU8, zipSync } from "fflate";
import type { ToolFiles } from "../../src/program.ts";

/** Files by path, of text or bytes. */
export function toolFiles(files: Readonly<Record<string, string | Uint8Array>>): ToolFiles {
  return new Map(
    Object.entries(files).map(([path, content]) => [path, typeof content === "string" ? strToU8(content) : content]),
  );
}

/** A wheel as the usual builders make them: the files given and its dist-info with a RECORD. */
export function buildWheel(
  distribution: string,
  version: string,
  files: Readonly<Record<string, string>>,
  topLevel?: string,
): Uint8Array {
  const info = `${distribution}-${version}.dist-info`;
  const content: Record<string, string> = {
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${distribution}\nVersion: ${version}\n`,
    [`${info}/WHEEL`]: "Wheel-Version: 1.0\nTag: py3-none-any\n",
    ...(topLevel !== undefined && { [`${info}/top_level.txt`]: topLevel }),
  };
  const record = [...Object.keys(content), `${info}/RECORD`].map((path) => `${path},,`).join("\n");
  const all = Object.entries({ ...content, [`${info}/RECORD`]: `${record}\n` });
  return zipSync(Object.fromEntries(all.map(([path, text]) => [path, strToU8(text)])));
}
