/** Puts a program together again from its header and its parts. */
import type { GuestFile, GuestProgram, GuestWheel } from "../../protocol/guest-program.ts";
import type { ProgramHeader } from "../../protocol/page-messages.ts";
import { PYTHON } from "../wheels/python-version.ts";
import { layOutWheel } from "../wheels/wheel-layout.ts";

/** Wheels of packages, which are no files of the tool's own, travel in this folder. */
const PACKAGES_FOLDER = ".wheels/";

/** The program; modules are compiled here, once for all instances. */
export async function readProgram(header: ProgramHeader, parts: readonly Uint8Array[]): Promise<GuestProgram> {
  if (header.runtime === "wasm") {
    const { paths: _none, ...wasm } = header;
    return { ...wasm, module: await WebAssembly.compile((parts[0] ?? new Uint8Array(0)).slice()) };
  }
  if (header.runtime === "component") {
    const { paths: names, ...component } = header;
    const compile = async (name: string, index: number) => ({
      name,
      module: await WebAssembly.compile((parts[index] ?? new Uint8Array(0)).slice()),
    });
    return { ...component, modules: await Promise.all(names.map(compile)) };
  }
  const { paths, ...rest } = header;
  // Copies: a view would drag the whole frame along into every worker.
  const files: GuestFile[] = paths.map((path, index) => ({
    path,
    content: parts[index]?.slice() ?? new Uint8Array(0),
  }));
  if (rest.runtime === "python") return { ...rest, ...unpackWheels(rest.wheels, files) };
  const decoder = new TextDecoder();
  return {
    ...rest,
    files,
    code: decoder.decode(parts[paths.length]),
    sourceMap: decoder.decode(parts[paths.length + 1]),
  };
}

/** Unpacked here, once for all instances; what is wrong with a wheel is told when it is installed. */
function unpackWheels(
  paths: readonly string[],
  files: readonly GuestFile[],
): { readonly files: readonly GuestFile[]; readonly wheels: readonly GuestWheel[] } {
  const contents = new Map(files.map(({ path, content }) => [path, content]));
  const wheels = paths.map((path): GuestWheel => {
    try {
      return { path, files: layOutWheel(contents.get(path) ?? new Uint8Array(0), { python: PYTHON }) };
    } catch (error) {
      return { path, files: [], failure: error instanceof Error ? error.message : String(error) };
    }
  });
  return { files: files.filter(({ path }) => !path.startsWith(PACKAGES_FOLDER)), wheels };
}
