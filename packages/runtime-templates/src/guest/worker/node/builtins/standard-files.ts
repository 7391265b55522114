/** The standard streams as files: descriptors 0, 1 and 2, and /dev/stdin, /dev/stdout, /dev/stderr, /dev/null. */
import { createNodeError } from "../errors/node-error.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";

const DESCRIPTORS = new Map<unknown, number>([
  [0, 0], [1, 1], [2, 2],
  ["/dev/stdin", 0], ["/dev/stdout", 1], ["/dev/stderr", 2],
  ["/dev/fd/0", 0], ["/dev/fd/1", 1], ["/dev/fd/2", 2],
  ["/proc/self/fd/0", 0], ["/proc/self/fd/1", 1], ["/proc/self/fd/2", 2],
]);
const NULL_DEVICE = "/dev/null";
/** What `open` gives for /dev/null. */
const NULL_DESCRIPTOR = 3;

/** `fs` with the functions that take a path or descriptor of a standard stream answered from `realm.io`. */
export function withStandardFiles(realm: NodeRealm, fs: Exports): Exports {
  const { Buffer } = realm.builtin("buffer");
  const toBytes = (data: Exports, encoding?: string): Uint8Array =>
    typeof data === "string" ? Buffer.from(data, encoding) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const descriptorOf = (file: unknown): number | undefined => {
    const path = file instanceof URL ? decodeURIComponent(file.pathname) : Buffer.isBuffer(file) ? String(file) : file;
    return path === NULL_DEVICE ? NULL_DESCRIPTOR : DESCRIPTORS.get(path);
  };
  const encodingOf = (options: Exports): string | undefined => (typeof options === "string" ? options : options?.encoding);
  const write = (descriptor: number, bytes: Uint8Array): number => {
    if (descriptor === 0) throw badDescriptor("write");
    if (descriptor !== NULL_DESCRIPTOR) realm.io.write(descriptor, bytes);
    return bytes.length;
  };
  const read = (descriptor: number, length: number): Uint8Array =>
    descriptor === NULL_DESCRIPTOR ? new Uint8Array(0) : realm.io.read(length);

  /** What each function does for a standard stream; `values` are its own arguments. */
  const special: Record<string, (descriptor: number, ...values: Exports[]) => unknown> = {
    readFileSync: (descriptor, _file, options) => {
      const content = Buffer.from(read(descriptor, Infinity));
      const encoding = encodingOf(options);
      return encoding && encoding !== "buffer" ? content.toString(encoding) : content;
    },
    writeFileSync: (descriptor, _file, data, options) => void write(descriptor, toBytes(data, encodingOf(options))),
    appendFileSync: (descriptor, _file, data, options) => void write(descriptor, toBytes(data, encodingOf(options))),
    readSync: (descriptor, _file, buffer, first, ...rest) => {
      const { offset = 0, length = buffer.byteLength - offset } =
        typeof first === "object" && first !== null ? first : { offset: first, length: rest[0] };
      const bytes = read(descriptor, length);
      new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).set(bytes, offset);
      return bytes.length;
    },
    writeSync: (descriptor, _file, data, first, second) => {
      if (typeof data === "string") return write(descriptor, toBytes(data, second));
      const { offset = 0, length } = typeof first === "object" && first !== null ? first : { offset: first, length: second };
      const bytes = toBytes(data).subarray(offset ?? 0);
      return write(descriptor, length === undefined || length === null ? bytes : bytes.subarray(0, length));
    },
    writevSync: (descriptor, _file, chunks) =>
      chunks.reduce((total: number, chunk: Exports) => total + write(descriptor, toBytes(chunk)), 0),
    openSync: (descriptor) => descriptor,
    closeSync: () => undefined,
    fsyncSync: () => undefined,
    fdatasyncSync: () => undefined,
    existsSync: () => true,
    accessSync: () => undefined,
    fstatSync: () => streamStats(fs),
    statSync: () => streamStats(fs),
    lstatSync: () => streamStats(fs),
    realpathSync: (_descriptor, file) => String(file),
  };
  for (const [name, answer] of Object.entries(special)) {
    const original = fs[name];
    fs[name] = Object.assign((...values: unknown[]) => {
      const descriptor = descriptorOf(values[0]);
      return descriptor === undefined ? original(...values) : answer(descriptor, ...values);
    }, original);
    const asynchronous = name.replace(/Sync$/u, "");
    if (asynchronous === name || typeof fs[asynchronous] !== "function") continue;
    const originalAsync = fs[asynchronous];
    fs[asynchronous] = Object.assign((...values: Exports[]) => {
      const descriptor = descriptorOf(values[0]);
      if (descriptor === undefined || typeof values.at(-1) !== "function") return originalAsync(...values);
      const callback = values.pop();
      try {
        const result = answer(descriptor, ...values);
        if (asynchronous === "exists") callback(result);
        else callback(null, result, values[1]);
      } catch (error) {
        callback(error);
      }
    }, originalAsync);
  }
  addPromises(fs, special, descriptorOf);
  addStreams(realm, fs, descriptorOf);
  return fs;
}

function addPromises(
  fs: Exports,
  special: Record<string, (descriptor: number, ...values: Exports[]) => unknown>,
  descriptorOf: (file: unknown) => number | undefined,
): void {
  for (const name of ["readFile", "writeFile", "appendFile", "stat", "lstat", "access"]) {
    const original = fs.promises[name].bind(fs.promises);
    fs.promises[name] = async (...values: unknown[]) => {
      const descriptor = typeof values[0] === "number" ? undefined : descriptorOf(values[0]);
      return descriptor === undefined ? original(...values) : special[`${name}Sync`]?.(descriptor, ...values);
    };
  }
}

function addStreams(realm: NodeRealm, fs: Exports, descriptorOf: (file: unknown) => number | undefined): void {
  const { createReadStream, createWriteStream } = fs;
  fs.createReadStream = (path: unknown, options: Exports) => {
    const descriptor = descriptorOf(options?.fd ?? path);
    if (descriptor === undefined) return createReadStream(path, options);
    const { Readable } = realm.builtin("stream");
    const stream: Exports = new Readable({
      encoding: typeof options === "string" ? options : options?.encoding,
      read() {
        const bytes = descriptor === 0 ? realm.io.read(65_536) : new Uint8Array(0);
        realm.loop.addCompletion(() => stream.push(bytes.length > 0 ? bytes : null));
      },
    });
    return stream;
  };
  fs.createWriteStream = (path: unknown, options: Exports) => {
    const descriptor = descriptorOf(options?.fd ?? path);
    if (descriptor === undefined) return createWriteStream(path, options);
    const { Writable } = realm.builtin("stream");
    return new Writable({
      write(chunk: Uint8Array, _encoding: string, done: () => void) {
        if (descriptor === 1 || descriptor === 2) realm.io.write(descriptor, chunk);
        done();
      },
    });
  };
}

function streamStats(fs: Exports): Exports {
  const stats = fs.statSync("/tmp");
  return Object.assign(Object.create(stats), {
    size: 0,
    isFile: () => false,
    isDirectory: () => false,
    isFIFO: () => true,
    isSymbolicLink: () => false,
  });
}

function badDescriptor(call: string): Error {
  const error: Exports = createNodeError(Error, "EBADF", `EBADF: bad file descriptor, ${call}`);
  return Object.assign(error, { errno: -9, syscall: call });
}
