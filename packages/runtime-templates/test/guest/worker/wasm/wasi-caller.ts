/** Makes WASI's calls as a module would, with a memory of its own, over folders that were granted. */
import type { StorageNode } from "../../../../src/guest/worker/storage/storage-view.ts";
import { createWasiStorage, type WasiStorage } from "../../../../src/guest/worker/wasm/wasi/storage.ts";
import { createWasi } from "../../../../src/guest/worker/wasm/wasi/wasi.ts";

/** First of the preopened folders. */
export const DATA = 3;
export const READ_ONLY = 4;
export const RIGHTS = { read: 1n << 1n, write: 1n << 6n } as const;
export const CREATE = 1;
export const DIRECTORY = 2;
export const EXCLUSIVE = 4;
export const TRUNCATE = 8;
export const APPEND = 1;

/** Where results, paths, buffers' descriptions and buffers stand in the memory. */
const OUT = 0;
const PATH = 1_024;
const OTHER_PATH = 8_192;
const VECTOR = 16_384;
const BUFFER = 32_768;

export interface OpenOptions {
  readonly follow?: boolean;
  readonly oflags?: number;
  readonly rights?: bigint;
  readonly flags?: number;
}

export interface WasiCaller {
  readonly storage: WasiStorage;
  /** The error number of a call, made as it is. */
  call(name: string, ...args: (number | bigint)[]): number;
  /** The error number of a call on a path. */
  onPath(name: string, fd: number, path: string): number;
  rename(path: string, toPath: string): number;
  /** The descriptor, or minus the error number. */
  open(fd: number, path: string, options?: OpenOptions): number;
  /** The number of bytes, or minus the error number. */
  write(fd: number, text: string): number;
  read(fd: number, length?: number): string;
  seek(fd: number, offset: number, whence: number): number;
  /** Type and size of what stands there, or minus the error number. */
  stat(fd: number, path: string, follow?: boolean): { type: number; size: number } | number;
  /** The names in a folder, asked for with a buffer of so many bytes. */
  names(fd: number, room: number): string[];
  preopen(fd: number): string;
}

export const file = (path: string, text: string): StorageNode => ({
  kind: "file",
  path,
  content: new TextEncoder().encode(text),
  mtimeMs: 0,
});
export const folder = (path: string): StorageNode => ({ kind: "folder", path });
export const link = (path: string, target: string): StorageNode => ({ kind: "link", path, target });

export function createWasiCaller(data: readonly StorageNode[], readOnly: readonly StorageNode[] = []): WasiCaller {
  const memory = { buffer: new ArrayBuffer(262_144) };
  const view = new DataView(memory.buffer);
  const storage = createWasiStorage();
  storage.mount({ name: "data", access: "write", nodes: data });
  storage.mount({ name: "ro", access: "read", nodes: readOnly });
  const wasi = createWasi();
  wasi.attach(memory);
  const silent = (): void => undefined;
  const { folders } = storage;
  wasi.connect({ args: [], environment: {}, folders, stdin: new Uint8Array(0), stdout: silent, stderr: silent });

  const call: WasiCaller["call"] = (name, ...args) => {
    const imported = wasi.imports[name];
    if (typeof imported !== "function") throw new Error(`there is no ${name}`);
    return Number(Reflect.apply(imported, undefined, args));
  };
  const put = (at: number, text: string): number => {
    const bytes = new TextEncoder().encode(text);
    new Uint8Array(memory.buffer).set(bytes, at);
    return bytes.length;
  };
  const text = (at: number, length: number): string =>
    new TextDecoder().decode(new Uint8Array(memory.buffer, at, length));
  const vector = (length: number): void => {
    view.setUint32(VECTOR, BUFFER, true);
    view.setUint32(VECTOR + 4, length, true);
  };
  const number = (errno: number): number => (errno === 0 ? view.getUint32(OUT, true) : -errno);

  return {
    storage,
    call,
    onPath: (name, fd, path) => call(name, fd, PATH, put(PATH, path)),
    rename: (path, toPath) =>
      call("path_rename", DATA, PATH, put(PATH, path), DATA, OTHER_PATH, put(OTHER_PATH, toPath)),
    open(fd, path, { follow = true, oflags = 0, rights = RIGHTS.read, flags = 0 } = {}) {
      return number(call("path_open", fd, follow ? 1 : 0, PATH, put(PATH, path), oflags, rights, 0n, flags, OUT));
    },
    write(fd, written) {
      vector(put(BUFFER, written));
      return number(call("fd_write", fd, VECTOR, 1, OUT));
    },
    read(fd, length = 1_000) {
      vector(length);
      // A folder has no bytes.
      return text(BUFFER, Math.max(0, number(call("fd_read", fd, VECTOR, 1, OUT))));
    },
    seek: (fd, offset, whence) => number(call("fd_seek", fd, BigInt(offset), whence, OUT)),
    stat(fd, path, follow = true) {
      const errno = call("path_filestat_get", fd, follow ? 1 : 0, PATH, put(PATH, path), OUT);
      return errno === 0 ? { type: view.getUint8(OUT + 16), size: Number(view.getBigUint64(OUT + 32, true)) } : -errno;
    },
    names(fd, room) {
      const names: string[] = [];
      for (let cookie = 0n, isFull = true; isFull;) {
        const used = number(call("fd_readdir", fd, BUFFER, room, cookie, OUT));
        isFull = used === room;
        for (let at = 0; at + 24 <= used;) {
          const length = view.getUint32(BUFFER + at + 16, true);
          if (at + 24 + length > used) break;
          cookie = view.getBigUint64(BUFFER + at, true);
          names.push(text(BUFFER + at + 24, length));
          at += 24 + length;
        }
      }
      return names;
    },
    preopen(fd) {
      const length = call("fd_prestat_get", fd, OUT) === 0 ? view.getUint32(OUT + 4, true) : 0;
      return call("fd_prestat_dir_name", fd, BUFFER, length) === 0 ? text(BUFFER, length) : "";
    },
  };
}
