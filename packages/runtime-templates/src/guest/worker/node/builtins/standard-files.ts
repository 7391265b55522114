/** The standard streams as files: descriptors 0, 1 and 2, and /dev/stdin, /dev/stdout, /dev/stderr, /dev/null. */
import { createNodeError } from "../errors/node-error.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";

const DESCRIPTORS = new Map<unknown, number>([
  [0, 0],
  [1, 1],
  [2, 2],
  ["/dev/stdin", 0],
  ["/dev/stdout", 1],
  ["/dev/stderr", 2],
  ["/dev/fd/0", 0],
  ["/dev/fd/1", 1],
  ["/dev/fd/2", 2],
  ["/proc/self/fd/0", 0],
  ["/proc/self/fd/1", 1],
  ["/proc/self/fd/2", 2],
]);
const NULL_DEVICE = "/dev/null";
/** What `open` gives for /dev/null. */
const NULL_DESCRIPTOR = 3;
/** Bytes of one chunk of a stream. */
const CHUNK_BYTES = 65_536;

/** What a function does for a standard stream; `values` are its own arguments. */
type Answer = (descriptor: number, ...values: Exports[]) => unknown;
/** Calls `original` where the first of `values` is no standard stream. */
type ForStandardFile = (original: Exports, ...values: Exports[]) => unknown;

/** The functions of `fs` that take a path or descriptor, by name, with the standard streams answered from `realm.io`. */
export function standardFileFunctions(realm: NodeRealm): Readonly<Record<string, ForStandardFile>> {
  const functions: Record<string, ForStandardFile> = {
    createReadStream: (original, path, options) => {
      const descriptor = descriptorOf(options?.fd ?? path);
      return descriptor === undefined ? original(path, options) : createReader(realm, descriptor, options);
    },
    createWriteStream: (original, path, options) => {
      const descriptor = descriptorOf(options?.fd ?? path);
      return descriptor === undefined ? original(path, options) : createWriter(realm, descriptor);
    },
  };
  for (const [name, answer] of Object.entries(createAnswers(realm))) {
    functions[name] = (original, ...values) => {
      const descriptor = descriptorOf(values[0]);
      return descriptor === undefined ? original(...values) : answer(descriptor, ...values);
    };
    functions[name.replace(/Sync$/u, "")] = (original, ...values) => {
      const descriptor = descriptorOf(values[0]);
      const callback = values.at(-1);
      if (descriptor === undefined || typeof callback !== "function") return original(...values);
      let result: unknown;
      try {
        result = answer(descriptor, ...values.slice(0, -1));
      } catch (error) {
        return callback(error);
      }
      if (name === "existsSync") callback(result);
      else callback(null, result, values[1]);
    };
  }
  return functions;
}

/** The functions of `fs.promises` that take a path, with those of the standard streams answered from `realm.io`. */
export function standardFilePromises(realm: NodeRealm, load: () => Exports): Exports {
  const answers = createAnswers(realm);
  const names = ["readFile", "writeFile", "appendFile", "stat", "lstat", "access"];
  return Object.fromEntries(
    names.map((name) => [
      name,
      async (...values: unknown[]) => {
        const descriptor = typeof values[0] === "number" ? undefined : descriptorOf(values[0]);
        return descriptor === undefined
          ? load().promises[name](...values)
          : answers[`${name}Sync`]?.(descriptor, ...values);
      },
    ]),
  );
}

function descriptorOf(file: unknown): number | undefined {
  if (typeof file === "number") return DESCRIPTORS.get(file);
  const path =
    file instanceof URL
      ? decodeURIComponent(file.pathname)
      : file instanceof Uint8Array
        ? new TextDecoder().decode(file)
        : file;
  return path === NULL_DEVICE ? NULL_DESCRIPTOR : DESCRIPTORS.get(path);
}

const encodingOf = (options: Exports): string | undefined =>
  typeof options === "string" ? options : options?.encoding;

function createAnswers(realm: NodeRealm): Record<string, Answer> {
  const { Buffer } = realm.builtin("buffer");
  const toBytes = (data: Exports, encoding?: string): Uint8Array =>
    typeof data === "string"
      ? Buffer.from(data, encoding)
      : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const write = (descriptor: number, bytes: Uint8Array): number => {
    if (descriptor === 0) throw badDescriptor("write");
    if (descriptor !== NULL_DESCRIPTOR) realm.io.write(descriptor, bytes);
    return bytes.length;
  };
  const read = (descriptor: number, length: number): Uint8Array =>
    descriptor === NULL_DESCRIPTOR ? new Uint8Array(0) : realm.io.read(length);
  const writeAll: Answer = (descriptor, _file, data, options) =>
    void write(descriptor, toBytes(data, encodingOf(options)));
  const stats: Answer = () => streamStats(realm);
  const nothing: Answer = () => undefined;

  return {
    readFileSync: (descriptor, _file, options) => {
      const content = Buffer.from(read(descriptor, Infinity));
      const encoding = encodingOf(options);
      return encoding && encoding !== "buffer" ? content.toString(encoding) : content;
    },
    writeFileSync: writeAll,
    appendFileSync: writeAll,
    readSync: (descriptor, _file, buffer, first, ...rest) => {
      const { offset = 0, length = buffer.byteLength - offset } =
        typeof first === "object" && first !== null ? first : { offset: first, length: rest[0] };
      const bytes = read(descriptor, length);
      new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).set(bytes, offset);
      return bytes.length;
    },
    writeSync: (descriptor, _file, data, first, second) => {
      if (typeof data === "string") return write(descriptor, toBytes(data, second));
      const { offset = 0, length } =
        typeof first === "object" && first !== null ? first : { offset: first, length: second };
      const bytes = toBytes(data).subarray(offset ?? 0);
      return write(descriptor, length === undefined || length === null ? bytes : bytes.subarray(0, length));
    },
    writevSync: (descriptor, _file, chunks) =>
      chunks.reduce((total: number, chunk: Exports) => total + write(descriptor, toBytes(chunk)), 0),
    openSync: (descriptor) => descriptor,
    closeSync: nothing,
    fsyncSync: nothing,
    fdatasyncSync: nothing,
    existsSync: () => true,
    accessSync: nothing,
    fstatSync: stats,
    statSync: stats,
    lstatSync: stats,
    realpathSync: (_descriptor, file) => String(file),
  };
}

function createReader(realm: NodeRealm, descriptor: number, options: Exports): Exports {
  const { Readable } = realm.builtin("stream");
  const stream: Exports = new Readable({
    encoding: encodingOf(options),
    read() {
      const bytes = descriptor === 0 ? realm.io.read(CHUNK_BYTES) : new Uint8Array(0);
      realm.loop.addCompletion(() => stream.push(bytes.length > 0 ? bytes : null));
    },
  });
  return stream;
}

function createWriter(realm: NodeRealm, descriptor: number): Exports {
  const { Writable } = realm.builtin("stream");
  return new Writable({
    write(chunk: Uint8Array, _encoding: string, done: () => void) {
      if (descriptor === 1 || descriptor === 2) realm.io.write(descriptor, chunk);
      done();
    },
  });
}

/** What `stat` says of a stream: a pipe. */
function streamStats(realm: NodeRealm): Exports {
  const stats = realm.builtin("fs").statSync("/tmp");
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
