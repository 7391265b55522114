/** The version of this package. */
import { readFile } from "node:fs/promises";
import { PACKAGE_FOLDER } from "../package-folder.ts";

export async function readVersion(): Promise<string> {
  const { version }: { version: string } = JSON.parse(await readFile(new URL("package.json", PACKAGE_FOLDER), "utf8"));
  return version;
}
