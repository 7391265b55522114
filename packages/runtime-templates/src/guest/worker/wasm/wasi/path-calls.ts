/** WASI's calls on a path below a descriptor that is a folder. */
import { APPEND, type FileCall, type FileState, openFolder } from "./descriptor-calls.ts";
import { WasiError } from "./errno.ts";
import { createFile, createFolder, findPlace, type FolderNode, type Place, wayTo } from "./folder-tree.ts";
import { writeFilestat } from "./file-records.ts";
import type { MountedFolder, OpenFolder } from "./open-files.ts";

/** Of `lookupflags`: a link at the end is followed. */
const FOLLOW = 1;
/** Of `oflags`. */
const CREATE = 1;
const DIRECTORY = 2;
const EXCLUSIVE = 4;
const TRUNCATE = 8;
/** Of `rights`. */
const RIGHT_TO_WRITE = 1n << 6n;

const refuse: FileCall = ({ files }, fd) => {
  files.get(fd);
  throw new WasiError("notsup");
};

export const PATH_CALLS: Readonly<Record<string, FileCall>> = {
  path_open(state, fd, lookup = 0, at = 0, length = 0, oflags = 0, rights = 0n, _inheriting = 0n, flags = 0, out = 0) {
    const folder = openFolder(state, fd);
    const asked = Number(oflags);
    const mayWrite = (BigInt(rights) & RIGHT_TO_WRITE) !== 0n;
    const follow = (Number(lookup) & FOLLOW) !== 0 && (asked & EXCLUSIVE) === 0;
    const place = findPlace(folder.way, readPath(state, at, length), follow);
    const opened = openPlace(state, { place, folder, asked, mayWrite, flags: Number(flags) });
    state.memory.view(Number(out), 4).setUint32(0, opened, true);
  },
  path_create_directory(state, fd, at = 0, length = 0) {
    const { folder, name, node } = writablePlace(state, { fd, at, length });
    if (node !== undefined) throw new WasiError("exist");
    folder.entries.set(name, createFolder());
  },
  path_filestat_get(state, fd, lookup = 0, at = 0, length = 0, address = 0) {
    const { node } = findPlace(openFolder(state, fd).way, readPath(state, at, length), (Number(lookup) & FOLLOW) !== 0);
    if (node === undefined) throw new WasiError("noent");
    writeFilestat(state.memory, Number(address), node);
  },
  path_filestat_set_times(state, fd, lookup = 0, at = 0, length = 0) {
    const { node } = findPlace(openFolder(state, fd).way, readPath(state, at, length), (Number(lookup) & FOLLOW) !== 0);
    if (node === undefined) throw new WasiError("noent");
  },
  path_readlink(state, fd, at = 0, length = 0, buffer = 0, room = 0, used = 0) {
    const { node } = findPlace(openFolder(state, fd).way, readPath(state, at, length), false);
    if (node?.kind !== "link") throw new WasiError(node === undefined ? "noent" : "inval");
    const target = new TextEncoder().encode(node.target).subarray(0, Number(room) >>> 0);
    state.memory.bytes(Number(buffer), target.length).set(target);
    state.memory.view(Number(used), 4).setUint32(0, target.length, true);
  },
  path_unlink_file(state, fd, at = 0, length = 0) {
    const { folder, name, node } = writablePlace(state, { fd, at, length });
    if (node === undefined || node.kind === "folder") throw new WasiError(node === undefined ? "noent" : "isdir");
    folder.entries.delete(name);
  },
  path_remove_directory(state, fd, at = 0, length = 0) {
    const { folder, name, node } = writablePlace(state, { fd, at, length });
    if (node?.kind !== "folder") throw new WasiError(node === undefined ? "noent" : "notdir");
    if (node.entries.size > 0) throw new WasiError("notempty");
    if (name === "") throw new WasiError("inval");
    folder.entries.delete(name);
  },
  path_rename(state, fd, at = 0, length = 0, toFd = 0, toAt = 0, toLength = 0) {
    const [from, to] = [openFolder(state, fd), openFolder(state, Number(toFd))];
    const source = writablePlace(state, { fd, at, length });
    const target = writablePlace(state, { fd: Number(toFd), at: toAt, length: toLength });
    if (from.mounted !== to.mounted) throw new WasiError("notsup");
    rename(source, target);
  },
  // A tool makes no links.
  path_link: refuse,
};

interface Opening {
  readonly place: Place;
  readonly folder: OpenFolder;
  readonly asked: number;
  readonly mayWrite: boolean;
  readonly flags: number;
}

function openPlace(
  { files, contents }: FileState,
  { place, folder: { mounted }, asked, mayWrite, flags }: Opening,
): number {
  const { node } = place;
  if (node !== undefined && (asked & CREATE) !== 0 && (asked & EXCLUSIVE) !== 0) throw new WasiError("exist");
  if (node?.kind === "link") throw new WasiError("loop");
  if (node?.kind === "folder") {
    if (mayWrite && (asked & DIRECTORY) === 0) throw new WasiError("isdir");
    return files.add({ kind: "folder", mounted, way: wayTo(place), isPreopen: false, flags });
  }
  if ((asked & DIRECTORY) !== 0 && node !== undefined) throw new WasiError("notdir");
  if (mayWrite || (asked & TRUNCATE) !== 0) refuseReadOnly(mounted);
  const file = node ?? make(place, { asked, mounted });
  if ((asked & TRUNCATE) !== 0) contents.resize(file, 0);
  const position = (flags & APPEND) === 0 ? 0 : file.size;
  return files.add({ kind: "file", mounted, node: file, mayWrite, position, flags });
}

function make(
  { folder, name }: Place,
  { asked, mounted }: { asked: number; mounted: MountedFolder },
): ReturnType<typeof createFile> {
  if ((asked & CREATE) === 0) throw new WasiError("noent");
  refuseReadOnly(mounted);
  const file = createFile();
  folder.entries.set(name, file);
  return file;
}

/** As POSIX has it: what is there gives way to its like; a folder only where it is empty. */
function rename(source: Place, target: Place): void {
  const { node } = source;
  if (node === undefined) throw new WasiError("noent");
  if (source.name === "" || target.name === "") throw new WasiError("inval");
  if (target.node === node) return;
  if (node.kind === "folder" && target.way.includes(node)) throw new WasiError("inval");
  if (target.node !== undefined) checkReplaced(node.kind === "folder", target.node);
  source.folder.entries.delete(source.name);
  target.folder.entries.set(target.name, node);
}

function checkReplaced(isFolder: boolean, replaced: FolderNode | Exclude<Place["node"], undefined>): void {
  if (!isFolder && replaced.kind === "folder") throw new WasiError("isdir");
  if (isFolder && replaced.kind !== "folder") throw new WasiError("notdir");
  if (replaced.kind === "folder" && replaced.entries.size > 0) throw new WasiError("notempty");
}

interface PathArguments {
  readonly fd: number;
  readonly at: number | bigint;
  readonly length: number | bigint;
}

/** The place of a path in a folder that may be changed; a link at its end is meant itself. */
function writablePlace(state: FileState, { fd, at, length }: PathArguments): Place {
  const { way, mounted } = openFolder(state, fd);
  const place = findPlace(way, readPath(state, at, length), false);
  refuseReadOnly(mounted);
  return place;
}

function refuseReadOnly({ isReadOnly }: MountedFolder): void {
  if (isReadOnly) throw new WasiError("rofs");
}

function readPath({ memory }: FileState, at: number | bigint, length: number | bigint): string {
  try {
    // A copy: the module's memory may be shared, which the decoder does not take.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      memory.bytes(Number(at), Number(length)).slice(),
    );
  } catch (error) {
    if (error instanceof TypeError) throw new WasiError("inval");
    throw error;
  }
}
