/** Packs a program for its page: a header, and the bytes that travel as the frame's parts. */
import {
  type ComponentProgram,
  DEFAULT_FUEL,
  type NodeProgram,
  type ResolvedLimits,
  type RunnableTool,
  type WasmProgram,
} from "@toolpocket/core";
import type { GuestFile, GuestNodeProgram, ProgramHeader } from "@toolpocket/runtime-templates";
import type { ModuleCache } from "./module-cache.ts";

export interface PackedProgram {
  readonly header: ProgramHeader;
  /** File contents in the order of the header's paths; for node, code and source map follow; for wasm and components, modules alone. */
  readonly parts: readonly Uint8Array[];
  /** What the page's server has to serve as the component's glue. */
  readonly glue?: string;
}

/**
 * @throws PocketError where a node program cannot be bundled; RefusedProgram where a module cannot be metered
 */
export async function packProgram(
  { name, program, limits }: RunnableTool,
  modules: ModuleCache,
): Promise<PackedProgram> {
  if (program.runtime === "wasm") return packModule(program, { tool: name, limits, modules });
  if (program.runtime === "component") return packComponent(program, { tool: name, limits, modules });
  if (program.runtime === "python") {
    const { entry, args, wheels } = program;
    const files = Array.from(program.files, ([path, content]) => ({ path, content }));
    return pack({ runtime: "python", entry, args, wheels: wheels.map(({ path }) => path) }, files);
  }
  const { code, sourceMap, files, ...header } = await bundle(program);
  const encoder = new TextEncoder();
  return pack(header, files, [encoder.encode(code), encoder.encode(sourceMap)]);
}

interface PackOptions {
  readonly tool: string;
  readonly limits: ResolvedLimits;
  readonly modules: ModuleCache;
}

/** The metered module, and how its page is to run it. */
async function packModule(
  { module, entrypoint, enableWasi }: WasmProgram,
  { tool, limits, modules }: PackOptions,
): Promise<PackedProgram> {
  const { meterCached, FUEL_GLOBAL, START_EXPORT } = await import("./metered-module.ts");
  const bytes = await meterCached(module, { maxMemoryBytes: limits.maxMemoryBytes, modules, tool });
  const fuel = { global: FUEL_GLOBAL, start: START_EXPORT, budget: limits.fuel ?? DEFAULT_FUEL };
  return {
    header: { runtime: "wasm", name: module.name, entrypoint, enableWasi, fuel, paths: [] },
    parts: [bytes],
  };
}

/** The metered core modules of a component, and the glue that links them. */
async function packComponent(
  program: ComponentProgram,
  { tool, limits, modules }: PackOptions,
): Promise<PackedProgram> {
  const [{ prepareComponent }, { FUEL_GLOBAL, START_EXPORT }] = await Promise.all([
    import("../component-program/prepare-component.ts"),
    import("./metered-module.ts"),
  ]);
  const { maxMemoryBytes } = limits;
  const prepared = await prepareComponent(program, { tool, maxMemoryBytes, modules });
  const fuel = { global: FUEL_GLOBAL, start: START_EXPORT, budget: limits.fuel ?? Number.MAX_SAFE_INTEGER };
  return {
    header: {
      runtime: "component",
      name: program.module.name,
      functions: program.functions,
      fuel,
      paths: prepared.modules.map(({ name }) => name),
    },
    parts: prepared.modules.map(({ bytes }) => bytes),
    glue: prepared.glue,
  };
}

/** Loaded at the first need: a Pocket of python tools never pays for the bundler. */
let bundler: Promise<typeof import("../node-program/bundle-node-program.ts")> | undefined;
let underWay = 0;

async function bundle(program: NodeProgram): Promise<GuestNodeProgram> {
  underWay += 1;
  try {
    bundler ??= import("../node-program/bundle-node-program.ts");
    return await (await bundler).bundleNodeProgram(program);
  } finally {
    underWay -= 1;
  }
}

/** Ends the bundler's process, unless another invoker is bundling at this moment: that one ends it when it is closed. */
export async function endBundler(): Promise<void> {
  const loaded = await bundler;
  if (underWay === 0) await loaded?.closeNodeBundler();
}

type WithoutPaths<Header> = Header extends unknown ? Omit<Header, "paths"> : never;

function pack(
  header: WithoutPaths<ProgramHeader>,
  files: readonly GuestFile[],
  more: readonly Uint8Array[] = [],
): PackedProgram {
  return {
    header: { ...header, paths: files.map(({ path }) => path) } as ProgramHeader,
    parts: [...files.map(({ content }) => content), ...more],
  };
}
