/** Reads the entries of a wheel's archive, and refuses what would leave its folder or fill the memory. */
import { inflateRawSync } from "node:zlib";
import { describeUnsafePath } from "@toolpocket/core";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { refuseWheel } from "../package-failure.ts";

/** All files of one wheel, unpacked, in bytes. */
export const DEFAULT_MAX_UNPACKED_BYTES = 268_435_456;
/** Files of one wheel. */
export const DEFAULT_MAX_WHEEL_FILES = 20_000;

export interface WheelLimits {
  /** @defaultValue DEFAULT_MAX_UNPACKED_BYTES */
  maxUnpackedBytes?: number;
  /** @defaultValue DEFAULT_MAX_WHEEL_FILES */
  maxWheelFiles?: number;
}

const STORED = 0;
const DEFLATED = 8;
const KIND_BITS = 0o170_000;
const FILE_KINDS = new Set([0, 0o100_000]);

export interface ReadEntriesOptions {
  readonly limits: WheelLimits;
  /** Which files are unpacked; of the others only the names and sizes are looked at. */
  readonly wants: (path: string) => boolean;
  readonly visit: (path: string, content: Uint8Array) => void;
}

/**
 * Hands the wanted files to `visit`, unpacked. What the archive says of sizes is held against what comes out.
 * @throws PocketError ERR_POCKET_PACKAGE_REFUSED
 */
export async function readWheelEntries(
  fileName: string,
  content: Uint8Array,
  { limits, wants, visit }: ReadEntriesOptions,
): Promise<void> {
  const { maxUnpackedBytes = DEFAULT_MAX_UNPACKED_BYTES, maxWheelFiles = DEFAULT_MAX_WHEEL_FILES } = limits;
  const refuse = (problem: string, cause?: unknown): Error => refuseWheel(fileName, problem, cause);
  const zip = await openZip(fileName, content);
  const paths = new Set<string>();
  let total = 0;
  if (zip.entryCount > maxWheelFiles) throw refuse(`holds more than ${maxWheelFiles} files`);
  try {
    for await (const entry of zip.eachEntry()) {
      const problem = findFault(entry, paths);
      if (problem !== undefined) throw refuse(`holds ${JSON.stringify(entry.fileName)}, which ${problem}`);
      total += entry.uncompressedSize;
      if (total > maxUnpackedBytes) throw refuse(`unpacks to more than ${maxUnpackedBytes} bytes`);
      const isFile = !entry.fileName.endsWith("/");
      if (isFile && wants(entry.fileName)) visit(entry.fileName, await unpackEntry(zip, entry, content));
    }
  } catch (error) {
    if (error instanceof Error && error.name === "PocketError") throw error;
    throw refuse("is a damaged archive", error);
  } finally {
    zip.close();
  }
}

async function openZip(fileName: string, content: Uint8Array): Promise<ZipFile> {
  try {
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    return await fromBufferPromise(bytes, { lazyEntries: true, strictFileNames: true, validateEntrySizes: true });
  } catch (cause) {
    throw refuseWheel(fileName, "is no archive", cause);
  }
}

function findFault(entry: Entry, paths: Set<string>): string | undefined {
  const path = entry.fileName.replace(/\/$/u, "");
  if (paths.has(path)) return "stands in it twice";
  paths.add(path);
  const unsafe = describeUnsafePath(path);
  if (unsafe !== null) return unsafe;
  const kind = (entry.externalFileAttributes >>> 16) & KIND_BITS;
  if (!entry.fileName.endsWith("/") && !FILE_KINDS.has(kind)) return "is a link or a device, not a file";
  if (entry.isEncrypted()) return "is encrypted";
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) return "is packed in an unknown way";
  return undefined;
}

/** At once rather than as a stream, which costs more than it saves for files of a few kilobytes. */
async function unpackEntry(zip: ZipFile, entry: Entry, content: Uint8Array): Promise<Uint8Array> {
  const { compressedSize, uncompressedSize, compressionMethod } = entry;
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const packed = content.subarray(fileDataStart, fileDataStart + compressedSize);
  const unpacked =
    compressionMethod === STORED ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(uncompressedSize, 1) });
  if (unpacked.length !== uncompressedSize) throw new RangeError("a file has another size than the archive says");
  return unpacked;
}
