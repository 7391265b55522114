/** `process.stdin`, `process.stdout` and `process.stderr`: Node's streams over the standard bytes. */
import type { Exports, NodeRealm } from "../node-realm.ts";

/** Bytes of one chunk of standard input, as Node reads from a pipe. */
const CHUNK_BYTES = 65_536;

export interface StandardStreams {
  stdin(): Exports;
  stdout(): Exports;
  stderr(): Exports;
  /** The output stream of a descriptor, if the program has asked for it. */
  made(descriptor: 1 | 2): Exports;
}

/** Each stream is made when the program first asks for it. */
export function createStandardStreams(realm: NodeRealm): StandardStreams {
  let stdin: Exports;
  let stdout: Exports;
  let stderr: Exports;
  return {
    stdin: () => (stdin ??= createInput(realm)),
    stdout: () => (stdout ??= createOutput(realm, 1)),
    stderr: () => (stderr ??= createOutput(realm, 2)),
    made: (descriptor) => (descriptor === 2 ? stderr : stdout),
  };
}

function createInput(realm: NodeRealm): Exports {
  const { Readable } = realm.builtin("stream");
  const { Buffer } = realm.builtin("buffer");
  const stdin: Exports = new Readable({
    highWaterMark: CHUNK_BYTES,
    read() {
      realm.loop.addCompletion(() => {
        const bytes = realm.io.read(CHUNK_BYTES);
        stdin.push(bytes.length > 0 ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) : null);
      });
    },
  });
  stdin.fd = 0;
  stdin.ref = () => stdin;
  stdin.unref = () => stdin;
  stdin.setRawMode = undefined;
  return stdin;
}

function createOutput(realm: NodeRealm, descriptor: 1 | 2): Exports {
  const { Writable } = realm.builtin("stream");
  const stream: Exports = new Writable({
    decodeStrings: true,
    // A pipe's writes are synchronous: the bytes are out when write() returns.
    write(chunk: Uint8Array, _encoding: string, done: () => void) {
      realm.io.write(descriptor, chunk);
      done();
    },
  });
  stream.fd = descriptor;
  stream._type = "pipe";
  stream._isStdio = true;
  stream.destroySoon = stream.destroy;
  stream._destroy = (error: unknown, done: (error: unknown) => void) => done(error);
  return stream;
}
