/** The errors of entry files that are not there, or that the runtime cannot run. */
import type { PocketError } from "../errors.ts";
import { nearestName } from "../nearest.ts";
import type { ToolFiles } from "../program.ts";
import { quoteText } from "../tables/describe-value.ts";
import type { Declaration } from "./declaration.ts";
import { entryExtensions } from "./runtime-name.ts";

/** @throws PocketError ERR_POCKET_MANIFEST_INVALID when the named file does not exist or has another runtime's ending. */
export function requireEntryFile(declaration: Declaration, path: string, files: ToolFiles): void {
  const extensions = entryExtensions(declaration.runtime);
  if (!extensions.some((extension) => path.endsWith(extension))) {
    throw declaration.entryFault(`${quoteText(path)} is no file that ${declaration.runtime} runs`, {
      found: path,
      nearest: nearestEntry(declaration, path, files),
      hint: `name a file that ends in ${extensions.join(", ")}`,
    });
  }
  if (!files.has(path)) throw missingEntry(declaration, `${quoteText(path)} does not exist`, path, files);
}

/** The error for an entry that should be at `path`. */
export function missingEntry(declaration: Declaration, message: string, path: string, files: ToolFiles): PocketError {
  const nearest = nearestEntry(declaration, path, files);
  const aside = nearest === undefined ? "" : `, did you mean ${quoteText(nearest)}?`;
  return declaration.entryFault(`the entry file is missing: ${message}${aside}`, {
    found: path,
    nearest,
    hint: buildHint(declaration) ?? `add ${path}, or name a file that exists`,
  });
}

/** The error for a tool that names no entry and has none of the default ones. */
export function noDefaultEntry(
  declaration: Declaration,
  files: ToolFiles,
  candidates: readonly string[],
  hint = `add ${candidates.at(-1)}, or name the entry file in ${declaration.file}`,
): PocketError {
  const nearest = candidates
    .map((candidate) => nearestEntry(declaration, candidate, files))
    .find((name) => name !== undefined);
  const aside = nearest === undefined ? "" : `, did you mean ${quoteText(nearest)}?`;
  return declaration.entryFault(`the entry file is missing: there is no ${candidates.join(", no ")}${aside}`, {
    nearest,
    hint: buildHint(declaration) ?? hint,
  });
}

function buildHint({ build }: Declaration): string | undefined {
  return build === undefined
    ? undefined
    : `run ${quoteText(build)} before publishing: a tool's build is never run here`;
}

/** The nearest name among the files that the runtime runs. */
function nearestEntry({ runtime }: Declaration, path: string, files: ToolFiles): string | undefined {
  const extensions = entryExtensions(runtime);
  const entries = [...files.keys()].filter((name) => extensions.some((extension) => name.endsWith(extension)));
  return nearestName(path, entries);
}
