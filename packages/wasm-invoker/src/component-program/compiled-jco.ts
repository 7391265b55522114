/** Keeps jco's own module compiled between components: V8 gives its code to every thread that compiles the same bytes. */
import { readFile } from "node:fs/promises";

/** Components of one project come one after the other; beyond that the code is memory that nobody uses. */
const KEPT_MS = 60_000;

/** What Node's types lack. */
interface Engine {
  compile(bytes: Uint8Array): Promise<object>;
}

let module: Promise<object | undefined> | undefined;
let timer: NodeJS.Timeout | undefined;

/**
 * Begins to compile it, or keeps it for longer. Each component still has an instance of jco of its own, in a thread of its
 * own; it finds there what those before it made hot, and is transpiled in a third of the time. Resolves with undefined where
 * there is nothing to keep: what is wrong then, the thread tells.
 */
export function keepJcoCompiled(): Promise<object | undefined> {
  module ??= compile();
  clearTimeout(timer);
  timer = setTimeout(() => {
    module = undefined;
  }, KEPT_MS).unref();
  return module;
}

async function compile(): Promise<object | undefined> {
  const engine = Reflect.get(globalThis, "WebAssembly") as Engine;
  const glue = import.meta.resolve("@bytecodealliance/jco-transpile/component");
  try {
    return await engine.compile(await readFile(new URL(glue.replace(/\.js$/u, ".core.wasm"))));
  } catch {
    return undefined;
  }
}
