/**
 * The JavaScript of the published packages: one file for each of a package's entries, and one for each part that is loaded
 * later. As files of its own, each module would have to be found and read when a process starts: core's two hundred take
 * twice as long.
 *
 * The compiler writes the declarations beside them; source maps hold the TypeScript.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { listFiles, listPackageFolders, ROOT } from "./bootstrap/workspace.mjs";

/** Of a package.json. Each entry names its source under the condition that the repository itself runs with. */
interface PackageManifest {
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, Entry>>;
  readonly imports?: Readonly<Record<string, Entry>>;
  readonly bin?: Readonly<Record<string, string>>;
}
interface Entry {
  readonly "toolpocket-source": string;
}

for (const folder of listPackageFolders().filter((path) => path.startsWith("packages/"))) {
  const manifest: PackageManifest = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
  if (manifest.private !== true) await bundlePackage(folder, manifest);
}

async function bundlePackage(folder: string, manifest: PackageManifest): Promise<void> {
  const dist = join(folder, "dist");
  const files = existsSync(join(ROOT, dist)) ? listFiles(dist) : [];
  for (const file of files.filter(isBundle)) rmSync(join(ROOT, file));
  await build({
    absWorkingDir: join(ROOT, folder),
    entryPoints: listEntries(manifest),
    outdir: "dist",
    outbase: "src",
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "es2024",
    sourcemap: true,
    legalComments: "none",
    logLevel: "warning",
  });
}

/** The sources of what others can load: its exports, programs, and what it starts by a name of its own. */
function listEntries({ exports = {}, imports = {}, bin = {} }: PackageManifest): string[] {
  return [
    ...[...Object.values(exports), ...Object.values(imports)].map((entry) => entry["toolpocket-source"]),
    ...Object.values(bin).map((path) => path.replace("/dist/", "/src/").replace(/\.js$/u, ".ts")),
  ];
}

/** Whether an earlier run has made the file: what `build:guest` makes stays. */
function isBundle(path: string): boolean {
  return /\.js(?:\.map)?$/u.test(path) && !/\/dist\/guest\//u.test(path);
}
