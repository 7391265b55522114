/** Valid modules made of random bytes by Binaryen's fuzzer, and what they do when all their exports are called. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { type Exports, type Imports, instantiate, Tag } from "./engine.ts";

// Exceptions by reference are on in Chromium, and behind a flag in the oldest Node that is supported.
setFlagsFromString("--experimental-wasm-exnref");

const WASM_OPT = fileURLToPath(new URL("../node_modules/binaryen/bin/wasm-opt", import.meta.url));
/** What neither Node nor Chromium has without a flag. */
const NOT_SHIPPED = [
  "strings",
  "stack-switching",
  "shared-everything",
  "fp16",
  "custom-descriptors",
  "multibyte",
  "acquire-release-atomics",
  "custom-page-sizes",
  "wide-arithmetic",
  "call-indirect-overlong",
  "compact-imports",
];

/** Exports that call themselves through the host, and catch what comes of it, would take forever. */
const MAX_HOST_CALLS = 200;

/** The same seed gives the same module. NaNs are made plain, since engines may choose their bits anew. */
export function makeRandomModule(seed: number, folder: string): Uint8Array<ArrayBuffer> {
  const input = join(folder, `${seed}.seed`);
  const output = join(folder, `${seed}.wasm`);
  const blocks = Array.from({ length: 64 + (seed % 7) * 64 }, (_, index) => hash(`${seed}/${index}`));
  writeFileSync(input, Buffer.concat(blocks));
  const features = ["-all", ...NOT_SHIPPED.map((feature) => `--disable-${feature}`)];
  execFileSync(process.execPath, [WASM_OPT, input, "-ttf", ...features, "--denan", "-o", output], { stdio: "ignore" });
  return new Uint8Array(readFileSync(output));
}

/** Every call, its result or the kind of its failure, and every value that the module logs. */
export function traceModule(bytes: Uint8Array<ArrayBuffer>, onInstance: (exports: Exports) => void): string[] {
  const trace: string[] = [];
  let exports: Exports = {};
  let calls = 0;
  const callBack = (target: (() => unknown) | undefined): void => {
    calls += 1;
    if (calls > MAX_HOST_CALLS) throw new Error("too many calls through the host");
    target?.();
  };
  const call = (index: number): void => {
    const functions = Object.entries(exports)
      .filter(([name, value]) => typeof value === "function" && !name.startsWith("toolpocket:"))
      .map(([, value]) => value);
    callBack(functions[index % functions.length]);
  };
  const attempt = (work: () => unknown): number => {
    try {
      work();
      return 0;
    } catch (error) {
      trace.push(`caught ${describeFailure(error)}`);
      return 1;
    }
  };
  const log = (value: unknown): void => void trace.push(`log ${describe(value)}`);
  const support: Imports[string] = {
    throw: (value: unknown) => {
      throw new Error(`thrown ${describe(value)}`);
    },
    "call-export": (index: number) => call(index >>> 0),
    "call-export-catch": (index: number) => attempt(() => call(index >>> 0)),
    "call-ref": (target: () => unknown) => callBack(target),
    "call-ref-catch": (target: () => unknown) => attempt(() => callBack(target)),
    "table-get": () => null,
    "table-set": () => {},
    wasmtag: new Tag({ parameters: ["i32"] }),
    jstag: new Tag({ parameters: ["externref"] }),
    sleep: (_: number, id: number) => id,
  };
  const imports = new Proxy(support, {
    get: (target, name) => target[name as string] ?? (String(name).startsWith("log-") ? log : undefined),
  });
  try {
    const references = new Proxy({}, { get: () => "a reference of the host" });
    const instanceExports = instantiate(bytes, { "fuzzing-support": imports, __fuzz_import: references });
    onInstance(instanceExports);
    // Only now: a plain module's start function runs when the host has no exports yet.
    exports = instanceExports;
  } catch (error) {
    return [`instantiate ${describeFailure(error)}`];
  }
  for (const [name, target] of Object.entries(exports)) {
    if (typeof target !== "function" || name.startsWith("toolpocket:")) continue;
    attempt(() => trace.push(`${name} ${describe(target())}`));
  }
  return trace;
}

function describe(value: unknown): string {
  return typeof value === "object" || typeof value === "function" ? typeof value : String(value);
}

function describeFailure(error: unknown): string {
  return error instanceof Error ? `${error.constructor.name}: ${error.message}` : "exception";
}

function hash(text: string): Buffer {
  return createHash("sha512").update(text).digest();
}
