/** Reads and writes the bytes of files, within the bounds that all files of a run share. */
import { WasiError } from "./errno.ts";
import type { FileNode } from "./folder-tree.ts";

/** One file, in bytes: no folder may hold more when the run ends. */
const MAX_FILE_BYTES = 67_108_864;
/** What files may have grown by together, in bytes, so that a program that writes without end is told so. */
const MAX_GROWTH_BYTES = 2 * MAX_FILE_BYTES;

export interface FileContents {
  /** Bytes read into `buffer`; 0 at the end. */
  read(node: FileNode, offset: number, buffer: Uint8Array): number;
  /** @throws WasiError fbig, nospc; nothing is written then */
  write(node: FileNode, offset: number, bytes: Uint8Array): void;
  /** @throws WasiError fbig, nospc */
  resize(node: FileNode, size: number): void;
}

export function createFileContents(): FileContents {
  let grown = 0;
  function resize(node: FileNode, size: number): void {
    if (size > MAX_FILE_BYTES) throw new WasiError("fbig");
    if (size > node.bytes.length) {
      const capacity = Math.min(Math.max(size, node.bytes.length * 2), MAX_FILE_BYTES);
      if (grown + capacity - node.bytes.length > MAX_GROWTH_BYTES) throw new WasiError("nospc");
      grown += capacity - node.bytes.length;
      const bytes = new Uint8Array(capacity);
      bytes.set(node.bytes.subarray(0, node.size));
      node.bytes = bytes;
    } else if (size < node.size) node.bytes.fill(0, size, node.size);
    node.size = size;
    node.mtimeMs = Date.now();
  }
  return {
    resize,
    read(node, offset, buffer) {
      const chunk = node.bytes.subarray(offset, Math.min(offset + buffer.length, node.size));
      buffer.set(chunk);
      return chunk.length;
    },
    write(node, offset, bytes) {
      const end = offset + bytes.length;
      if (end > node.size) resize(node, end);
      node.bytes.set(bytes, offset);
      node.mtimeMs = Date.now();
    },
  };
}
