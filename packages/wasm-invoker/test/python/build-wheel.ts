/** Builds wheels for tests. */
import { strToU8, zipSync } from "fflate";

/** A wheel of pure Python, with no digests in its RECORD. */
export function buildWheel(name: string, version: string, files: Record<string, string>): Uint8Array {
  const info = `${name}-${version}.dist-info`;
  return zipSync({
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])),
    [`${info}/METADATA`]: strToU8(`Metadata-Version: 2.1\nName: ${name.replaceAll("_", "-")}\nVersion: ${version}\n`),
    [`${info}/WHEEL`]: strToU8("Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
    [`${info}/RECORD`]: strToU8(""),
  });
}
