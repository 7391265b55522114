/**
 * WASI preview 1 (https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md) for a tool: arguments,
 * environment, clocks, randomness, the three standard streams, exit, and the folders that were granted. There are no sockets.
 */
import { CLOCK_RESOLUTION_NS, readClockNs } from "./clocks.ts";
import { DESCRIPTOR_CALLS, type FileCall, type FileState } from "./descriptor-calls.ts";
import { ERRNO, WasiError } from "./errno.ts";
import { createFileContents } from "./file-content.ts";
import { createGuestMemory, type GuestMemory, type MemoryLike } from "./guest-memory.ts";
import { createOpenFiles, type MountedFolder } from "./open-files.ts";
import { PATH_CALLS } from "./path-calls.ts";
import { poll } from "./poll.ts";
import { createStandardStreams, type StandardStreams, type StreamEnds } from "./standard-streams.ts";
import { createStringList, type StringList } from "./string-list.ts";

export interface WasiRun extends StreamEnds {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folders: readonly MountedFolder[];
}

export interface Wasi {
  readonly imports: Readonly<Record<string, (...args: number[]) => number>>;
  /** The memory that the calls use: the instance's own. */
  attach(memory: MemoryLike | undefined): void;
  /** Gives the run its input and environment; before it there is nothing. */
  connect(run: WasiRun): void;
  /** What the program has given to `proc_exit`. */
  readonly exitCode: number | undefined;
}

interface State extends FileState {
  readonly memory: GuestMemory;
  readonly streams: StandardStreams;
  readonly args: StringList;
  readonly environment: StringList;
}

/** Every argument as a module gives it: 64 bit ones are bigint, and are used by no call that does something here. */
type WasiCall = (state: State, ...args: number[]) => number | void;

/** Thrown through the module's frames to end it. */
class ProcessExit extends Error {}

/** Most that getRandomValues() gives at once, in bytes. */
const RANDOM_CHUNK_BYTES = 65_536;
/** Rights of a stream: to be read, written and polled. */
const STREAM_RIGHTS = (1n << 1n) | (1n << 6n) | (1n << 27n);
const FDSTAT_BYTES = 24;
const FILESTAT_BYTES = 64;

const fails =
  (errno: keyof typeof ERRNO): WasiCall =>
  () => {
    throw new WasiError(errno);
  };
/** What an open stream does not do; a descriptor that is not open is told first. */
const onStream =
  (errno: keyof typeof ERRNO): WasiCall =>
  ({ streams }, fd = 0) => {
    streams.check(fd);
    if (errno !== "success") throw new WasiError(errno);
  };

const CALLS = {
  args_sizes_get: ({ args, memory }, count = 0, bytes = 0) => args.writeSizes(memory, count, bytes),
  args_get: ({ args, memory }, table = 0, text = 0) => args.write(memory, table, text),
  environ_sizes_get: ({ environment, memory }, count = 0, bytes = 0) => environment.writeSizes(memory, count, bytes),
  environ_get: ({ environment, memory }, table = 0, text = 0) => environment.write(memory, table, text),
  clock_res_get({ memory }, clock = 0, address = 0) {
    readClockNs(clock);
    memory.view(address, 8).setBigUint64(0, CLOCK_RESOLUTION_NS, true);
  },
  clock_time_get: ({ memory }, clock = 0, _precision = 0, address = 0) =>
    memory.view(address, 8).setBigUint64(0, readClockNs(clock), true),
  random_get({ memory }, address = 0, length = 0) {
    const target = memory.bytes(address, length);
    // A buffer of its own: the module's memory may be shared, which getRandomValues() does not take.
    for (let offset = 0; offset < target.length; offset += RANDOM_CHUNK_BYTES) {
      const chunk = new Uint8Array(Math.min(RANDOM_CHUNK_BYTES, target.length - offset));
      target.set(crypto.getRandomValues(chunk), offset);
    }
  },
  poll_oneoff: ({ memory, streams }, input = 0, output = 0, count = 0, written = 0) =>
    memory.view(written, 4).setUint32(0, poll(memory, streams, { input, output, count }), true),
  sched_yield: () => undefined,
  fd_read({ memory, streams }, fd = 0, table = 0, count = 0, address = 0) {
    let total = 0;
    streams.check(fd);
    for (const buffer of memory.buffers(table, count)) {
      const read = streams.read(fd, buffer);
      total += read;
      if (read < buffer.length) break;
    }
    memory.view(address, 4).setUint32(0, total, true);
  },
  fd_write({ memory, streams }, fd = 0, table = 0, count = 0, address = 0) {
    let total = 0;
    streams.check(fd);
    for (const buffer of memory.buffers(table, count)) {
      streams.write(fd, buffer);
      total += buffer.length;
    }
    memory.view(address, 4).setUint32(0, total >>> 0, true);
  },
  fd_close: ({ streams }, fd = 0) => streams.close(fd),
  fd_fdstat_get({ memory, streams }, fd = 0, address = 0) {
    streams.check(fd);
    const view = memory.view(address, FDSTAT_BYTES);
    // Type and flags are 0: neither a terminal nor a file, so that programs buffer what they write.
    memory.bytes(address, FDSTAT_BYTES).fill(0);
    view.setBigUint64(8, STREAM_RIGHTS, true);
  },
  fd_filestat_get({ memory, streams }, fd = 0, address = 0) {
    streams.check(fd);
    memory.bytes(address, FILESTAT_BYTES).fill(0);
  },
  // Programs make stdin non-blocking; it never blocks.
  fd_fdstat_set_flags: onStream("success"),
  fd_fdstat_set_rights: onStream("success"),
  fd_sync: onStream("inval"),
  fd_datasync: onStream("inval"),
  fd_advise: onStream("spipe"),
  fd_allocate: onStream("spipe"),
  fd_seek: onStream("spipe"),
  fd_tell: onStream("spipe"),
  fd_pread: onStream("spipe"),
  fd_pwrite: onStream("spipe"),
  fd_filestat_set_size: onStream("inval"),
  fd_filestat_set_times: onStream("inval"),
  fd_readdir: onStream("notdir"),
  fd_renumber: onStream("notsup"),
  fd_prestat_get: fails("badf"),
  fd_prestat_dir_name: fails("badf"),
  path_create_directory: onStream("notdir"),
  path_filestat_get: onStream("notdir"),
  path_filestat_set_times: onStream("notdir"),
  path_link: onStream("notdir"),
  path_open: onStream("notdir"),
  path_readlink: onStream("notdir"),
  path_remove_directory: onStream("notdir"),
  path_rename: onStream("notdir"),
  path_symlink: fails("notsup"),
  path_unlink_file: onStream("notdir"),
  sock_accept: fails("notsup"),
  sock_recv: fails("notsup"),
  sock_send: fails("notsup"),
  sock_shutdown: fails("notsup"),
} as const satisfies Record<string, WasiCall>;

/** What those calls do on a descriptor that is a file or a folder. */
const FILE_CALLS: Readonly<Record<string, FileCall>> = { ...DESCRIPTOR_CALLS, ...PATH_CALLS };

/** Names of the functions that a module may import. */
export const WASI_FUNCTIONS: readonly string[] = [...Object.keys(CALLS), "proc_exit", "proc_raise"];

/** Exit codes of programs that a signal ends begin here, as in a shell. */
const SIGNAL_EXIT_CODE = 128;

export function createWasi(): Wasi {
  let attached: MemoryLike | undefined;
  let exitCode: number | undefined;
  const memory = createGuestMemory(() => attached);
  const nothing = createStringList([]);
  const silent = (): void => undefined;
  let state: State = {
    memory,
    streams: createStandardStreams({ stdin: new Uint8Array(0), stdout: silent, stderr: silent }),
    args: nothing,
    environment: nothing,
    files: createOpenFiles([]),
    contents: createFileContents(),
  };

  const exit = (code = 0): never => {
    exitCode ??= code >>> 0;
    throw new ProcessExit();
  };
  const imports = Object.fromEntries(
    Object.entries<WasiCall>(CALLS).map(([name, call]) => [
      name,
      (...args: number[]): number => {
        // A module can catch what ends it, and go on; it gets nothing done any more.
        if (exitCode !== undefined) throw new ProcessExit();
        try {
          const [fd = 0, ...rest] = args;
          const onFile = state.files.has(fd) ? FILE_CALLS[name] : undefined;
          return (onFile === undefined ? call(state, ...args) : onFile(state, fd, ...rest)) ?? ERRNO.success;
        } catch (error) {
          if (error instanceof WasiError) return error.errno;
          throw error;
        }
      },
    ]),
  );

  return {
    imports: {
      ...imports,
      proc_exit: exit,
      proc_raise: (signal = 0) => exit(SIGNAL_EXIT_CODE + (signal & 127)),
    },
    attach(own) {
      attached = own;
    },
    connect({ args, environment, folders, ...ends }) {
      state = {
        memory,
        streams: createStandardStreams(ends),
        args: createStringList(args),
        environment: createStringList(Object.entries(environment).map(([name, value]) => `${name}=${value}`)),
        files: createOpenFiles(folders),
        contents: createFileContents(),
      };
    },
    get exitCode() {
      return exitCode;
    },
  };
}
