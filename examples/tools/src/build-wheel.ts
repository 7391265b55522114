/** Packs a pure Python package as a wheel: the binary distribution format of PEP 427. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";

export interface WheelSource {
  /** The folder that holds the package. */
  readonly folder: string;
  /** Name of the package, which is the distribution's too. */
  readonly module: string;
  readonly version: string;
}

/** The earliest time that a zip can hold, in every time zone the same. */
const TIME = new Date(1980, 0, 1);

/** The wheel, stored without compression: the same bytes for the same sources. */
export async function buildWheel({ folder, module, version }: WheelSource): Promise<Uint8Array> {
  const info = `${module}-${version}.dist-info`;
  const names = (await readdir(join(folder, module))).filter((name) => name.endsWith(".py")).toSorted();
  const files: Record<string, Uint8Array> = {};
  for (const name of names) files[`${module}/${name}`] = new Uint8Array(await readFile(join(folder, module, name)));
  files[`${info}/METADATA`] = strToU8(`Metadata-Version: 2.1\nName: ${module}\nVersion: ${version}\n`);
  files[`${info}/WHEEL`] = strToU8(
    "Wheel-Version: 1.0\nGenerator: toolpocket-example\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
  );
  files[`${info}/top_level.txt`] = strToU8(`${module}\n`);
  files[`${info}/RECORD`] = formatRecord(files, `${info}/RECORD`);
  return zipSync(files, { level: 0, mtime: TIME });
}

/** One line a file: path, digest, size; the record's own has neither. */
function formatRecord(files: Readonly<Record<string, Uint8Array>>, own: string): Uint8Array {
  const lines = Object.entries(files).map(([path, content]) => {
    const digest = createHash("sha256").update(content).digest("base64url");
    return `${path},sha256=${digest},${content.byteLength}`;
  });
  return strToU8(`${[...lines, `${own},,`].join("\n")}\n`);
}
