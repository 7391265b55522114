/** `node:zlib`: deflate and gzip by pako, as functions and as streams. */
import { createNodeError, unavailable } from "../errors/node-error.ts";
import { libraries } from "../libraries.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";
import { ZLIB_CODES, ZLIB_CONSTANTS } from "./zlib-constants.ts";

interface Kind {
  /** Class of pako that does it. */
  readonly engine: "Deflate" | "Inflate";
  readonly options: object;
  /** Whether what follows a finished gzip member is another one. */
  readonly members?: boolean;
}

/** Node's class of each format, and how pako is told to do the same. */
const KINDS: Readonly<Record<string, Kind>> = {
  Deflate: { engine: "Deflate", options: {} },
  DeflateRaw: { engine: "Deflate", options: { raw: true } },
  Gzip: { engine: "Deflate", options: { gzip: true, header: { os: 3 } } },
  Inflate: { engine: "Inflate", options: { windowBits: 15 } },
  InflateRaw: { engine: "Inflate", options: { raw: true } },
  Gunzip: { engine: "Inflate", options: { windowBits: 31 } },
  Unzip: { engine: "Inflate", options: { windowBits: 47 } },
};
const UNSUPPORTED = ["BrotliCompress", "BrotliDecompress", "ZstdCompress", "ZstdDecompress"];

export function createZlib(realm: NodeRealm): Exports {
  // A tool that names node:zlib will use it: better now, while it waits for its call.
  libraries.pako();
  const { Transform } = realm.builtin("stream");
  const { Buffer } = realm.builtin("buffer");
  const zlib: Exports = {
    constants: ZLIB_CONSTANTS,
    codes: ZLIB_CODES,
    ...ZLIB_CONSTANTS,
    crc32: (data: Exports, seed = 0) => crc32(typeof data === "string" ? Buffer.from(data) : data, seed),
  };

  for (const [name, kind] of Object.entries(KINDS)) {
    const runSync = (data: Exports, options: Exports = {}): Exports => {
      const input = typeof data === "string" ? Buffer.from(data) : toView(data);
      const engine = createEngine(kind, options);
      const output: Uint8Array[] = [];
      let size = 0;
      engine.onData = (chunk: Uint8Array) => {
        size += chunk.length;
        if (size > (options.maxOutputLength ?? Infinity)) {
          throw createNodeError(
            RangeError,
            "ERR_BUFFER_TOO_LARGE",
            `Cannot create a Buffer larger than ${options.maxOutputLength} bytes`,
          );
        }
        output.push(chunk);
      };
      push(engine, input, options.finishFlush ?? ZLIB_CONSTANTS["Z_FINISH"]);
      if (!engine.ended && kind.engine === "Inflate" && options.finishFlush === undefined)
        throw zlibError(-5, "unexpected end of file");
      return Buffer.concat(output);
    };
    const method = name.charAt(0).toLowerCase() + name.slice(1);
    zlib[`${method}Sync`] = runSync;
    zlib[method] = (data: Exports, options: Exports, callback: Exports = options) => {
      realm.loop.addCompletion(() => {
        let result: Exports;
        try {
          result = runSync(data, callback === options ? {} : options);
        } catch (error) {
          return callback(error);
        }
        callback(null, result);
      });
    };
    zlib[name] = createStreamClass(Transform, Buffer, kind, name);
    zlib[`create${name}`] = (options?: Exports) => new zlib[name](options);
  }
  for (const name of UNSUPPORTED) {
    const method = name.charAt(0).toLowerCase() + name.slice(1);
    for (const member of [name, `create${name}`, method, `${method}Sync`]) {
      zlib[member] = function (): never {
        throw unavailable(`zlib.${member}`);
      };
    }
  }
  return zlib;
}

function createStreamClass(Transform: Exports, Buffer: Exports, kind: Kind, name: string): Exports {
  function ZlibStream(this: Exports, options: Exports = {}): Exports {
    if (!new.target) return new (stream as Exports)(options);
    Transform.call(this, options);
    this.bytesWritten = 0;
    this._options = options;
    this.reset();
  }
  const stream: Exports = Object.defineProperty(ZlibStream, "name", { value: name });
  Object.setPrototypeOf(stream.prototype, Transform.prototype);
  Object.setPrototypeOf(stream, Transform);
  Object.assign(stream.prototype, {
    reset(this: Exports) {
      this._engine = createEngine(kind, this._options);
      this._engine.onData = (chunk: Uint8Array) => this.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    },
    _transform(this: Exports, chunk: Exports, _encoding: string, done: (error?: unknown) => void) {
      this.bytesWritten += chunk.length;
      attempt(() => push(this._engine, chunk, ZLIB_CONSTANTS["Z_NO_FLUSH"] ?? 0), done);
    },
    _flush(this: Exports, done: (error?: unknown) => void) {
      attempt(() => {
        if (this._engine.ended) return;
        if (kind.engine === "Inflate") {
          if (this.bytesWritten > 0) throw zlibError(-5, "unexpected end of file");
        } else push(this._engine, new Uint8Array(0), ZLIB_CONSTANTS["Z_FINISH"] ?? 4);
      }, done);
    },
    flush(this: Exports, mode: Exports, callback: Exports = mode) {
      attempt(
        () =>
          push(
            this._engine,
            new Uint8Array(0),
            typeof mode === "number" ? mode : (ZLIB_CONSTANTS["Z_SYNC_FLUSH"] ?? 2),
          ),
        () => callback?.(),
      );
    },
    close(this: Exports, callback?: () => void) {
      if (callback) this.once("close", callback);
      this.destroy();
    },
    params(this: Exports, _level: number, _strategy: number, callback: () => void) {
      callback();
    },
  });
  return stream;
}

function attempt(action: () => void, done: (error?: unknown) => void): void {
  try {
    action();
  } catch (error) {
    return done(error);
  }
  done();
}

function createEngine(
  { engine, options }: Kind,
  { level, memLevel, strategy, windowBits, dictionary, chunkSize }: Exports,
): Exports {
  const given: Exports = { level, memLevel, strategy, dictionary, chunkSize };
  if (windowBits && engine === "Deflate") given.windowBits = windowBits;
  for (const name of Object.keys(given)) if (given[name] === undefined) delete given[name];
  const created = new (libraries.pako()[engine])({ ...given, ...options });
  created.onEnd = () => undefined;
  return created;
}

function push(engine: Exports, input: Uint8Array, mode: number): void {
  engine.push(input, mode);
  if (engine.err)
    throw zlibError(engine.err, engine.err === -5 ? "unexpected end of file" : engine.msg || engine.strm?.msg);
}

function zlibError(errno: number, message: string): Error {
  const code = ZLIB_CODES[String(errno)] ?? "Z_ERRNO";
  const error: Exports = createNodeError(Error, code, message);
  return Object.assign(error, { errno });
}

function toView(data: Exports): Uint8Array {
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function crc32(data: Uint8Array, seed: number): number {
  let crc = ~seed;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
