/** Contents of files in a scratch repository: their raw bytes, and where those would be too many, their sizes first. */
import type { ScratchRepository } from "./scratch-repository.ts";

/** What `cat-file --batch` writes around each object, at most. */
const FRAME_BYTES = 200;

/** Sizes in bytes, by object. */
export async function readSizes(
  { session, folder }: ScratchRepository,
  objects: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const listing: Buffer = await session
    .command({ repository: folder, input: `${[...objects].join("\n")}\n` })
    .binaryCatFile(["--batch-check=%(objectname) %(objectsize)"]);
  const sizes = new Map<string, number>();
  for (const line of listing.toString("utf8").split("\n")) {
    const [object, size] = line.split(" ");
    if (object !== undefined && size !== undefined) sizes.set(object, Number(size));
  }
  return sizes;
}

/**
 * Raw contents by object, exactly as committed: no filter, no line ending conversion, no attribute counts.
 * @param maxBytes of all contents together: they are held in memory.
 * @throws OutputLimitError when they are more.
 */
export async function readContents(
  { session, folder }: ScratchRepository,
  objects: ReadonlySet<string>,
  maxBytes: number,
): Promise<ReadonlyMap<string, Uint8Array>> {
  if (objects.size === 0) return new Map();
  const maxOutputBytes = maxBytes + objects.size * FRAME_BYTES;
  const output: Buffer = await session
    .command({ repository: folder, input: `${[...objects].join("\n")}\n`, maxOutputBytes })
    .binaryCatFile(["--batch"]);
  return parseBatch(output);
}

/** Reads `cat-file --batch`: "<object> blob <size>\n", the content, "\n". */
function parseBatch(output: Buffer): Map<string, Uint8Array> {
  const contents = new Map<string, Uint8Array>();
  for (let at = 0; at < output.length;) {
    const end = output.indexOf("\n", at);
    const header = output.toString("utf8", at, end === -1 ? output.length : end);
    const [object = "", type, size = ""] = header.split(" ");
    if (end === -1 || type !== "blob") throw new Error(`git has no content for ${header}`);
    const start = end + 1;
    at = start + Number(size) + 1;
    // A copy: a view would keep the whole output in memory, and hand it on to whoever clones the file.
    contents.set(object, new Uint8Array(output.subarray(start, at - 1)));
  }
  return contents;
}
