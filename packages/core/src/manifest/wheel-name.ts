/** Names of wheels (PEP 427): what they say, and whether the Python that is served here can install them. */

export interface WheelName {
  /** As the file's name has it, for example "my_tool". */
  readonly distribution: string;
  readonly version: string;
  readonly pythonTags: readonly string[];
  readonly abiTags: readonly string[];
  readonly platformTags: readonly string[];
}

/** The Python of Pyodide 314. */
const PYTHON_MINOR = 14;
/** `info.abi_version` and `info.platform` of pyodide-lock.json in Pyodide 314, with PEP 783's and the older spelling. */
const PLATFORM_TAGS = new Set(["any", "pyemscripten_2026_0_wasm32", "emscripten_5_0_3_wasm32"]);

/** The parts of a wheel's file name; undefined when it is none. */
export function parseWheelName(fileName: string): WheelName | undefined {
  const parts = /^(.+)\.whl$/u.exec(fileName)?.[1]?.split("-") ?? [];
  if (parts.length !== 5 && parts.length !== 6) return undefined;
  const [distribution = "", version = "", ...others] = parts;
  const [python = "", abi = "", platform = ""] = others.slice(-3);
  if (parts.some((part) => part === "")) return undefined;
  return {
    distribution,
    version,
    pythonTags: python.split("."),
    abiTags: abi.split("."),
    platformTags: platform.split("."),
  };
}

/** Whether one of the wheel's combinations of tags runs there. */
export function isInstallable({ pythonTags, abiTags, platformTags }: WheelName): boolean {
  if (!platformTags.some((platform) => PLATFORM_TAGS.has(platform))) return false;
  return pythonTags.some((python) => abiTags.some((abi) => fitsPython(python, abi)));
}

function fitsPython(python: string, abi: string): boolean {
  const [, implementation, minorText] = /^(py|cp)3(\d*)$/u.exec(python) ?? [];
  if (implementation === undefined || minorText === undefined) return false;
  const minor = minorText === "" ? 0 : Number(minorText);
  if (abi === "none") return implementation === "py" ? minor <= PYTHON_MINOR : minor === PYTHON_MINOR;
  if (implementation !== "cp") return false;
  return abi === "abi3" ? minor <= PYTHON_MINOR : abi === `cp3${PYTHON_MINOR}` && minor === PYTHON_MINOR;
}

/** Names of distributions compare by this: in lower case, each run of `-`, `_` and `.` one `_` (PEP 503, PEP 427). */
export function normalizeDistribution(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/gu, "_");
}
