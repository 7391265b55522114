/** WASI's calls on a descriptor that is a file or a folder. */
import { WasiError } from "./errno.ts";
import type { FileContents } from "./file-content.ts";
import { toDirent, writeFdstat, writeFilestat } from "./file-records.ts";
import type { GuestMemory } from "./guest-memory.ts";
import type { OpenFile, OpenFiles, OpenFolder } from "./open-files.ts";

export interface FileState {
  readonly memory: GuestMemory;
  readonly files: OpenFiles;
  readonly contents: FileContents;
}

/** 64 bit arguments come as bigint. */
export type FileCall = (state: FileState, fd: number, ...args: (number | bigint)[]) => number | void;

export const APPEND = 1;
const SEEK_SET = 0;
const SEEK_CURRENT = 1;
const SEEK_END = 2;
const PRESTAT_BYTES = 8;

export const DESCRIPTOR_CALLS: Readonly<Record<string, FileCall>> = {
  fd_read(state, fd, table = 0, count = 0, address = 0) {
    const file = openFile(state, fd);
    const total = readInto(state, { file, offset: file.position, table, count });
    file.position += total;
    state.memory.view(Number(address), 4).setUint32(0, total, true);
  },
  fd_pread(state, fd, table = 0, count = 0, offset = 0, address = 0) {
    const total = readInto(state, { file: openFile(state, fd), offset: toOffset(offset), table, count });
    state.memory.view(Number(address), 4).setUint32(0, total, true);
  },
  fd_write(state, fd, table = 0, count = 0, address = 0) {
    const file = writableFile(state, fd);
    if ((file.flags & APPEND) !== 0) file.position = file.node.size;
    const total = writeFrom(state, { file, offset: file.position, table, count });
    file.position += total;
    state.memory.view(Number(address), 4).setUint32(0, total, true);
  },
  fd_pwrite(state, fd, table = 0, count = 0, offset = 0, address = 0) {
    const total = writeFrom(state, { file: writableFile(state, fd), offset: toOffset(offset), table, count });
    state.memory.view(Number(address), 4).setUint32(0, total, true);
  },
  fd_seek(state, fd, offset = 0, whence = 0, address = 0) {
    const file = openFile(state, fd);
    const position = startOf(file, Number(whence)) + Number(offset);
    if (position < 0 || !Number.isSafeInteger(position)) throw new WasiError("inval");
    file.position = position;
    state.memory.view(Number(address), 8).setBigUint64(0, BigInt(position), true);
  },
  fd_tell(state, fd, address = 0) {
    state.memory.view(Number(address), 8).setBigUint64(0, BigInt(openFile(state, fd).position), true);
  },
  fd_close: ({ files }, fd) => files.close(fd),
  fd_renumber: ({ files }, fd, to = 0) => files.renumber(fd, Number(to)),
  fd_fdstat_get: ({ files, memory }, fd, address = 0) => writeFdstat(memory, Number(address), files.get(fd)),
  fd_fdstat_set_flags({ files }, fd, flags = 0) {
    files.get(fd).flags = Number(flags);
  },
  fd_filestat_get({ files, memory }, fd, address = 0) {
    const open = files.get(fd);
    writeFilestat(memory, Number(address), open.kind === "file" ? open.node : (open.way.at(-1) ?? open.way[0]));
  },
  fd_filestat_set_size: (state, fd, size = 0) => state.contents.resize(writableFile(state, fd).node, toOffset(size)),
  fd_allocate(state, fd, offset = 0, length = 0) {
    const { node } = writableFile(state, fd);
    const end = toOffset(offset) + toOffset(length);
    if (end > node.size) state.contents.resize(node, end);
  },
  // Times are not kept: what was written last is what counts.
  fd_filestat_set_times: ({ files }, fd) => void files.get(fd),
  fd_fdstat_set_rights: ({ files }, fd) => void files.get(fd),
  fd_sync: ({ files }, fd) => void files.get(fd),
  fd_datasync: ({ files }, fd) => void files.get(fd),
  fd_advise: ({ files }, fd) => void files.get(fd),
  fd_readdir(state, fd, address = 0, length = 0, cookie = 0, used = 0) {
    const { way } = openFolder(state, fd);
    const target = state.memory.bytes(Number(address), Number(length));
    const entries = [...(way.at(-1) ?? way[0]).entries];
    let total = 0;
    for (let index = toOffset(cookie); index < entries.length && total < target.length; index += 1) {
      const [name, node] = entries[index] ?? ["", way[0]];
      // The last one is cut where there is no more room: a buffer that is not full says that it was all.
      const dirent = toDirent(name, node, index + 1).subarray(0, target.length - total);
      target.set(dirent, total);
      total += dirent.length;
    }
    state.memory.view(Number(used), 4).setUint32(0, total, true);
  },
  fd_prestat_get(state, fd, address = 0) {
    const { mounted } = preopen(state, fd);
    const view = state.memory.view(Number(address), PRESTAT_BYTES);
    view.setUint32(0, 0, true);
    view.setUint32(4, new TextEncoder().encode(mounted.path).length, true);
  },
  fd_prestat_dir_name(state, fd, address = 0, length = 0) {
    const name = new TextEncoder().encode(preopen(state, fd).mounted.path);
    if (name.length > Number(length) >>> 0) throw new WasiError("nametoolong");
    state.memory.bytes(Number(address), name.length).set(name);
  },
};

interface Transfer {
  readonly file: OpenFile;
  readonly offset: number;
  readonly table: number | bigint;
  readonly count: number | bigint;
}

function readInto({ memory, contents }: FileState, { file, offset, table, count }: Transfer): number {
  let total = 0;
  for (const buffer of memory.buffers(Number(table), Number(count))) {
    const read = contents.read(file.node, offset + total, buffer);
    total += read;
    if (read < buffer.length) break;
  }
  return total;
}

function writeFrom({ memory, contents }: FileState, { file, offset, table, count }: Transfer): number {
  let total = 0;
  for (const buffer of memory.buffers(Number(table), Number(count))) {
    contents.write(file.node, offset + total, buffer);
    total += buffer.length;
  }
  return total;
}

function startOf({ position, node }: OpenFile, whence: number): number {
  if (whence === SEEK_SET) return 0;
  if (whence === SEEK_CURRENT) return position;
  if (whence === SEEK_END) return node.size;
  throw new WasiError("inval");
}

/** Of 64 bits, unsigned: what is beyond all files stays so as a number. */
function toOffset(value: number | bigint): number {
  return Number(BigInt.asUintN(64, BigInt(value)));
}

function openFile({ files }: FileState, fd: number): OpenFile {
  const open = files.get(fd);
  if (open.kind !== "file") throw new WasiError("isdir");
  return open;
}

function writableFile(state: FileState, fd: number): OpenFile {
  const file = openFile(state, fd);
  if (!file.mayWrite) throw new WasiError("badf");
  return file;
}

export function openFolder({ files }: Pick<FileState, "files">, fd: number): OpenFolder {
  const open = files.get(fd);
  if (open.kind !== "folder") throw new WasiError("notdir");
  return open;
}

function preopen(state: FileState, fd: number): OpenFolder {
  const folder = openFolder(state, fd);
  if (!folder.isPreopen) throw new WasiError("badf");
  return folder;
}
