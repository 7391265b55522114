/** Makes a component ready to be sent to its page: transpiled, its modules metered, both kept. */
import { createHash } from "node:crypto";
import type { ComponentProgram } from "@toolpocket/core";
import { decodeFrame, encodeFrame } from "@toolpocket/runtime-templates";
import { METERING_VERSION } from "@toolpocket/wasm-metering";
import { readInterface } from "@toolpocket/wit";
import { MODULE_KEY_PREFIX, type ModuleCache } from "../program/module-cache.ts";
import { meterOrRefuse } from "../program/metered-module.ts";
import { JCO_VERSION, transpileComponent, type TranspiledComponent } from "./transpile-component.ts";

export interface PrepareComponentOptions {
  /** Name of the tool. */
  readonly tool: string;
  /** Of each core module's linear memory. */
  readonly maxMemoryBytes: number;
  readonly modules: ModuleCache;
}

/** The glue and the names of its modules: what stands before the bytes of a kept component. */
interface KeptHeader {
  readonly glue: string;
  readonly names: readonly string[];
}

/** One tool is prepared by one work, however many sandboxes ask for it; so are the tools of one component. */
const underWay = new Map<string, Promise<TranspiledComponent>>();

/** @throws RefusedProgram runtime_policy_invalid, memory_exceeded */
export async function prepareComponent(
  program: ComponentProgram,
  options: PrepareComponentOptions,
): Promise<TranspiledComponent> {
  const digest = createHash("sha256").update(program.module.bytes).digest("hex");
  // The limit is part of the bytes: it stands in the declaration of each memory.
  const key = `${MODULE_KEY_PREFIX}component-${JCO_VERSION}-${METERING_VERSION}-${digest}-${options.maxMemoryBytes}`;
  const kept = await options.modules.read(key, options.tool).catch(() => null);
  if (kept) return readKept(kept);
  const work = underWay.get(key) ?? prepare(program, options);
  underWay.set(key, work);
  try {
    const prepared = await work;
    // A cache that fails costs only time.
    await options.modules.write(key, toKept(prepared)).catch(() => undefined);
    return prepared;
  } finally {
    underWay.delete(key);
  }
}

async function prepare(
  program: ComponentProgram,
  { maxMemoryBytes }: PrepareComponentOptions,
): Promise<TranspiledComponent> {
  const { functions } = readInterface(program.module.bytes);
  const exports = functions.map(({ interface: owner, name }) => (owner === undefined ? name : `${owner}#${name}`));
  const { glue, modules } = await transpileComponent(program, exports);
  const metered = modules.map(({ name, bytes }) => {
    const module = { name: `${program.module.name} (${name})`, bytes };
    // What a core module imports is another one's, with the limits of that one.
    return { name, bytes: meterOrRefuse(module, { maxMemoryBytes, areImportsMetered: true }) };
  });
  return { glue, modules: metered };
}

function toKept({ glue, modules }: TranspiledComponent): Uint8Array {
  const header: KeptHeader = { glue, names: modules.map(({ name }) => name) };
  return encodeFrame(
    header,
    modules.map(({ bytes }) => bytes),
  );
}

function readKept(bytes: Uint8Array): TranspiledComponent {
  const { message, parts } = decodeFrame(bytes);
  const { glue, names } = message as KeptHeader;
  return { glue, modules: names.map((name, index) => ({ name, bytes: parts[index] ?? new Uint8Array(0) })) };
}
