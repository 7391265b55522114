/** How WASI lays out what it tells of files: fdstat, filestat, and the entries of a folder. */
import type { GuestMemory } from "./guest-memory.ts";
import type { TreeNode } from "./folder-tree.ts";
import type { OpenNode } from "./open-files.ts";

const FDSTAT_BYTES = 24;
const FILESTAT_BYTES = 64;
const DIRENT_BYTES = 24;
const FILE_TYPES: Readonly<Record<TreeNode["kind"], number>> = { folder: 3, file: 4, link: 7 };
/** Every right that preview 1 names: what a program may do is decided by the call that does it. */
const ALL_RIGHTS = (1n << 30n) - 1n;
const NANOSECONDS_A_MS = 1_000_000n;

export function writeFdstat(memory: GuestMemory, address: number, { kind, flags }: OpenNode): void {
  memory.bytes(address, FDSTAT_BYTES).fill(0);
  const view = memory.view(address, FDSTAT_BYTES);
  view.setUint8(0, FILE_TYPES[kind]);
  view.setUint16(2, flags, true);
  view.setBigUint64(8, ALL_RIGHTS, true);
  view.setBigUint64(16, ALL_RIGHTS, true);
}

export function writeFilestat(memory: GuestMemory, address: number, node: TreeNode): void {
  memory.bytes(address, FILESTAT_BYTES).fill(0);
  const view = memory.view(address, FILESTAT_BYTES);
  view.setBigUint64(8, BigInt(node.inode), true);
  view.setUint8(16, FILE_TYPES[node.kind]);
  view.setBigUint64(24, 1n, true);
  view.setBigUint64(32, BigInt(node.kind === "file" ? node.size : 0), true);
  const time = BigInt(Math.trunc(node.kind === "file" ? node.mtimeMs : 0)) * NANOSECONDS_A_MS;
  for (const at of [40, 48, 56]) view.setBigUint64(at, time, true);
}

/** One entry of a folder, as `fd_readdir` writes it; `next` is the cookie of the one after it. */
export function toDirent(name: string, node: TreeNode, next: number): Uint8Array {
  const text = new TextEncoder().encode(name);
  const dirent = new Uint8Array(DIRENT_BYTES + text.length);
  const view = new DataView(dirent.buffer);
  view.setBigUint64(0, BigInt(next), true);
  view.setBigUint64(8, BigInt(node.inode), true);
  view.setUint32(16, text.length, true);
  view.setUint8(20, FILE_TYPES[node.kind]);
  dirent.set(text, DIRENT_BYTES);
  return dirent;
}
