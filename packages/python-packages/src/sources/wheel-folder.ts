/** A folder of wheels as a source of packages. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PocketError } from "@toolpocket/core";
import { normalizeName } from "../package-name.ts";
import { type PackageSource, readWheelName } from "./package-source.ts";

/** The wheels that lie in the folder itself; it is read anew for each package. */
export function createWheelFolder(folder: string): PackageSource {
  return {
    label: folder,
    async find(name) {
      const files = await readFolder(folder);
      const own = files.filter((file) => normalizeName(file.split("-", 1)[0] ?? "") === name);
      const wheels = own.flatMap((fileName) => {
        const wheel = readWheelName(fileName);
        return wheel === undefined ? [] : [{ fileName, wheel, fetch: async () => readFile(join(folder, fileName)) }];
      });
      const others = own.filter((file) => !file.endsWith(".whl"));
      return own.length === 0 ? "no wheel of that name" : { wheels, others };
    },
  };
}

async function readFolder(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  } catch (cause) {
    throw new PocketError("ERR_POCKET_PATH_NOT_FOUND", `the folder of wheels ${folder} cannot be read`, {
      hint: "name a folder that exists, or take it out of the sources of packages",
      details: { path: folder },
      cause,
    });
  }
}
