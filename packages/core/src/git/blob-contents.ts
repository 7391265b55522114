/** Contents of files in a scratch repository: which are missing, how large they are, and their raw bytes. */
import type { ScratchRepository } from "./scratch-repository.ts";

/** What `cat-file --batch` writes around each object. */
const FRAME_BYTES = 200;

/** The objects below `trees` that are not there yet. */
export async function listMissing({ session, folder }: ScratchRepository, trees: Iterable<string>): Promise<string[]> {
  const listing = await session
    .command({ repository: folder, input: `${[...trees].join("\n")}\n` })
    .raw(["rev-list", "--objects", "--no-object-names", "--missing=print", "--stdin"]);
  return listing
    .split("\n")
    .filter((line) => line.startsWith("?"))
    .map((line) => line.slice(1));
}

/** Sizes in bytes, by object. */
export async function readSizes(
  { session, folder }: ScratchRepository,
  objects: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  if (objects.size === 0) return new Map();
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
 * @param sizes of the wanted objects, checked by the caller: all of it is held in memory.
 */
export async function readContents(
  { session, folder }: ScratchRepository,
  sizes: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  if (sizes.size === 0) return new Map();
  const total = [...sizes.values()].reduce((sum, size) => sum + size + FRAME_BYTES, 0);
  const output: Buffer = await session
    .command({ repository: folder, input: `${[...sizes.keys()].join("\n")}\n`, maxOutputBytes: total })
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
