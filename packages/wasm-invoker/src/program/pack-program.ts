/** Packs a program for its page: a header, and the bytes that travel as the frame's parts. */
import type { NodeProgram, Program } from "@toolpocket/core";
import type { GuestFile, GuestNodeProgram, ProgramHeader } from "@toolpocket/runtime-templates";

export interface PackedProgram {
  readonly header: ProgramHeader;
  /** File contents in the order of the header's paths; for node, code and source map follow. */
  readonly parts: readonly Uint8Array[];
}

/** @throws PocketError where a node program cannot be bundled */
export async function packProgram(program: Program): Promise<PackedProgram> {
  if (program.runtime === "python") {
    const { entry, args, wheels } = program;
    const files = Array.from(program.files, ([path, content]) => ({ path, content }));
    return pack({ runtime: "python", entry, args, wheels: wheels.map(({ path }) => path) }, files);
  }
  const { code, sourceMap, files, ...header } = await bundle(program);
  const encoder = new TextEncoder();
  return pack(header, files, [encoder.encode(code), encoder.encode(sourceMap)]);
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
