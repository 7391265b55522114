/** What Pyodide is to a package's markers and tags, read from the Pyodide that is installed. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface PythonEnvironment {
  /** For example "3.14.2". */
  readonly version: string;
  /** Platform tag of wheels that were compiled for it, for example "pyemscripten_2026_0_wasm32". */
  readonly platformTag: string;
  /** Values of PEP 508's variables, without `extra`. */
  readonly markers: Readonly<Record<string, string>>;
}

/** A package of Pyodide's own distribution, as pyodide-lock.json has it. */
export interface DistributionPackage {
  readonly name: string;
  readonly version: string;
  readonly file_name: string;
  readonly sha256: string;
  readonly depends: readonly string[];
  readonly package_type: string;
}

export interface DistributionLock {
  readonly info: {
    readonly abi_version: string;
    readonly arch: string;
    readonly platform: string;
    readonly python: string;
  };
  readonly packages: Readonly<Record<string, DistributionPackage>>;
}

let installed: { readonly lock: DistributionLock; readonly version: string } | undefined;

/** The distribution that belongs to the installed Pyodide: the digests in it came with npm's package. */
export function readInstalledDistribution(): { readonly lock: DistributionLock; readonly version: string } {
  installed ??= {
    lock: readJson("pyodide/pyodide-lock.json") as DistributionLock,
    version: (readJson("pyodide/package.json") as { version: string }).version,
  };
  return installed;
}

export function describeEnvironment({ info }: DistributionLock): PythonEnvironment {
  const { python, platform, arch, abi_version: abi } = info;
  const release = platform.replace(/^emscripten_/u, "").replaceAll("_", ".");
  return {
    version: python,
    platformTag: `pyemscripten_${abi}_${arch}`,
    markers: {
      implementation_name: "cpython",
      implementation_version: python,
      os_name: "posix",
      platform_machine: arch,
      platform_python_implementation: "CPython",
      platform_release: release,
      platform_system: "Emscripten",
      platform_version: "#1",
      python_full_version: python,
      python_version: python.split(".").slice(0, 2).join("."),
      sys_platform: "emscripten",
    },
  };
}

function readJson(module: string): unknown {
  return JSON.parse(readFileSync(fileURLToPath(import.meta.resolve(module)), "utf8"));
}
