/** Components of languages whose toolchain a machine may not have: of Python, Go and Rust. */
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { componentEmbed, componentNew } from "@bytecodealliance/jco-transpile/wasm-tools";
import { KEPT_COMPONENTS, keepComponent } from "./kept-component.ts";

/** The component, or what this machine has not. A build that fails where all is there throws. */
export type LanguageComponent = { readonly component: Uint8Array } | { readonly missing: string };

export interface LanguageSources {
  /** The WIT text of the world. */
  readonly wit: string;
  readonly world: string;
  /** The folder of the sources; those of Rust find the WIT text in `../world.wit`, those of Python are `MODULE.py`. */
  readonly folder: string;
}

const COMPONENTIZE_PY = "componentize-py==0.25.1";
/** Rust's targets, that first which makes components without more work. */
const RUST_TARGETS = ["wasm32-wasip2", "wasm32-unknown-unknown"] as const;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

const execute = promisify(execFile);
const run = (program: string, args: readonly string[], cwd: string, environment: Record<string, string> = {}) =>
  execute(program, args, { cwd, env: { ...process.env, ...environment }, maxBuffer: MAX_OUTPUT_BYTES });

/** With componentize-py out of PyPI: 18 MB, 15 s, of which installing it takes some once a machine. */
export async function buildPythonComponent(sources: LanguageSources, module: string): Promise<LanguageComponent> {
  if (!has("python3")) return { missing: "python3 is not on this machine" };
  const packages = await installComponentizePy();
  if (packages === undefined) return { missing: `pip cannot install ${COMPONENTIZE_PY}` };
  return keep(COMPONENTIZE_PY, sources, async (made) => {
    const wit = ["-d", join(sources.folder, "..", "world.wit"), "-w", sources.world];
    const command = ["-c", "import componentize_py, sys; sys.exit(componentize_py.script())", ...wit];
    await run("python3", [...command, "componentize", module, "-o", made], sources.folder, { PYTHONPATH: packages });
    return readModule(made);
  });
}

/** With Go itself: functions exported by the names and types of the canonical ABI, and the adapter to WASI 0.2. */
export async function buildGoComponent(sources: LanguageSources): Promise<LanguageComponent> {
  if (!canGoExport()) return { missing: "Go 1.24 or newer is not on this machine" };
  return keep("go", sources, async (made) => {
    const flags = ["build", "-buildmode=c-shared", "-ldflags=-s", "-o", made, "."];
    await run("go", flags, sources.folder, { GOOS: "wasip1", GOARCH: "wasm" });
    const { preview1AdapterReactorPath } = await import("@bytecodealliance/jco");
    const adapter = new Uint8Array(await readFile(preview1AdapterReactorPath()));
    const binary = await componentEmbed({ binary: await readModule(made), witSource: sources.wit });
    return componentNew(binary, [["wasi_snapshot_preview1", adapter]]);
  });
}

/** With wit-bindgen out of crates.io: 30 kB, a minute, once a machine. */
export async function buildRustComponent(sources: LanguageSources): Promise<LanguageComponent> {
  if (!has("cargo")) return { missing: "cargo is not on this machine" };
  const target = RUST_TARGETS.find(hasRustTarget);
  if (target === undefined) return { missing: `Rust's targets ${RUST_TARGETS.join(", ")} are not on this machine` };
  const crates = await run("cargo", ["fetch", "--locked"], sources.folder).catch(() => undefined);
  if (crates === undefined) return { missing: "cargo cannot fetch wit-bindgen" };
  return keep(target, sources, async (made) => {
    await run("cargo", ["build", "--release", "--locked", "--target", target, "--target-dir", made], sources.folder);
    const binary = await readModule(join(made, target, "release", `${sources.world}.wasm`));
    return target === "wasm32-wasip2" ? binary : componentNew(binary, []);
  });
}

async function keep(
  toolchain: string,
  sources: LanguageSources,
  build: (made: string) => Promise<Uint8Array>,
): Promise<LanguageComponent> {
  const component = await keepComponent([toolchain, sources.wit, await readSources(sources.folder)], async () => {
    const scratch = await mkdtemp(join(tmpdir(), "language-component-"));
    try {
      return await build(join(scratch, "made"));
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
  return { component };
}

async function readSources(folder: string): Promise<readonly (readonly [string, string])[]> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("__pycache__"))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length));
  return Promise.all(names.toSorted().map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const));
}

async function readModule(path: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(path));
}

/** @returns the folder to import it from; undefined where PyPI cannot be reached, or has none for this machine */
async function installComponentizePy(): Promise<string | undefined> {
  const packages = join(KEPT_COMPONENTS, COMPONENTIZE_PY);
  if (existsSync(packages)) return packages;
  const own = `${packages}.${process.pid}`;
  const options = ["--quiet", "--no-deps", "--only-binary=:all:", "--retries", "0", "--target", own];
  try {
    await run("python3", ["-m", "pip", "install", ...options, COMPONENTIZE_PY], tmpdir());
    await rename(own, packages);
  } catch {
    await rm(own, { recursive: true, force: true });
  }
  // Another process may have been faster.
  return existsSync(packages) ? packages : undefined;
}

function has(program: string): boolean {
  return spawnSync(program, ["--version"]).error === undefined;
}

/** `go:wasmexport` and modules without a `main` came with 1.24. */
function canGoExport(): boolean {
  const { stdout } = spawnSync("go", ["version"], { encoding: "utf8" });
  return Number(/go1\.(\d+)/u.exec(stdout ?? "")?.[1] ?? 0) >= 24;
}

function hasRustTarget(target: string): boolean {
  const rustc = process.env["RUSTC"] ?? "rustc";
  const { status, stdout } = spawnSync(rustc, ["--print", "target-libdir", "--target", target], { encoding: "utf8" });
  return status === 0 && existsSync(stdout.trim());
}
