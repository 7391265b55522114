/** Wheels as the package index gives them, fetched with pip where there is one and its index answers. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface WantedWheels {
  readonly platform: string;
  readonly wheels: readonly string[];
}

export const HTTP_LIBRARIES: WantedWheels = {
  platform: "any",
  wheels: [
    "anyio==4.16.0",
    "certifi==2026.10.18",
    "charset_normalizer==3.5.2",
    "h11==0.16.0",
    "httpcore==1.0.9",
    "httpx==0.28.1",
    "idna==3.20",
    "requests==2.32.5",
    "sniffio==1.3.1",
    "typing_extensions==4.16.0",
    "urllib3==2.8.0",
  ],
};
/** Compiled for the Pyodide that is served. */
export const COMPILED_LIBRARIES: WantedWheels = {
  platform: "pyemscripten_2026_0_wasm32",
  wheels: ["msgpack==1.2.4", "xxhash==4.1.0"],
};
const TIMEOUT_MS = 60_000;

/** By file name; undefined where they cannot be had, and why stands in `reason`. */
export async function fetchWheels({
  platform,
  wheels,
}: WantedWheels): Promise<{ files?: Record<string, Uint8Array>; reason?: string }> {
  const folder = await mkdtemp(join(tmpdir(), "toolpocket-wheels-"));
  const options = ["--no-deps", "--only-binary=:all:", `--platform=${platform}`, "--python-version=3.14", "--quiet"];
  try {
    await promisify(execFile)("python3", ["-m", "pip", "download", ...options, "--dest", folder, ...wheels], {
      cwd: folder,
      timeout: TIMEOUT_MS,
    });
    const files: Record<string, Uint8Array> = {};
    for (const name of await readdir(folder)) files[name] = await readFile(join(folder, name));
    return { files };
  } catch (error) {
    return { reason: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
