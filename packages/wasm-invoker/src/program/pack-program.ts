/** Packs a program for its page: a header, and the bytes that travel as the frame's parts. */
import type { Program } from "@toolpocket/core";
import type { GuestFile, ProgramHeader } from "@toolpocket/runtime-templates";

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
  // Loaded at the first need: a Pocket of python tools never pays for the bundler.
  const { bundleNodeProgram } = await import("../node-program/bundle-node-program.ts");
  const { code, sourceMap, files, ...header } = await bundleNodeProgram(program);
  const encoder = new TextEncoder();
  return pack(header, files, [encoder.encode(code), encoder.encode(sourceMap)]);
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
