/** `node:stream` and its parts: the `readable-stream` package, which is Node's own code, joined to the web's streams. */
import { libraries } from "../libraries.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";

export function createStream(): Exports {
  const stream = libraries.stream();
  stream.Readable.fromWeb = (source: ReadableStream<unknown>, options: object = {}): Exports => {
    const reader = source.getReader();
    const readable: Exports = new stream.Readable({
      ...options,
      read() {
        reader.read().then(
          ({ value, done }) => readable.push(done ? null : value),
          (error: unknown) => readable.destroy(error),
        );
      },
      destroy(error: unknown, done: (error: unknown) => void) {
        const settled = (): void => done(error);
        void settle(reader.cancel(error), settled);
      },
    });
    return readable;
  };
  stream.Readable.toWeb = (readable: Exports): ReadableStream<unknown> => {
    const iterator = readable[Symbol.asyncIterator]();
    return new ReadableStream({
      async pull(controller) {
        const { value, done } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(readable.readableObjectMode ? value : new Uint8Array(value));
      },
      cancel: (reason) => void readable.destroy(reason),
    });
  };
  stream.Writable.toWeb = (writable: Exports): WritableStream<unknown> =>
    new WritableStream({
      write: (chunk) =>
        new Promise<void>((resolve, reject) => {
          writable.write(chunk, (error: unknown) => (error ? reject(error) : resolve()));
        }),
      close: () => new Promise<void>((resolve) => writable.end(() => resolve())),
      abort: (reason) => void writable.destroy(reason),
    });
  stream.Writable.fromWeb = (target: WritableStream<unknown>): Exports => {
    const writer = target.getWriter();
    return new stream.Writable({
      write: (chunk: unknown, _encoding: string, done: () => void) => settle(writer.write(chunk), done),
      final: (done: () => void) => settle(writer.close(), done),
    });
  };
  return stream;
}

/** Calls `done` with nothing or the error once `promise` settles. */
async function settle(promise: Promise<unknown>, done: (error?: unknown) => void): Promise<void> {
  let error: unknown;
  try {
    await promise;
  } catch (caught) {
    error = caught;
  }
  done(error);
}

export function createStreamConsumers(realm: NodeRealm): Exports {
  const { Buffer } = realm.builtin("buffer");
  const read = async (source: AsyncIterable<unknown>): Promise<Exports> => {
    const chunks: unknown[] = [];
    for await (const chunk of source) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    return Buffer.concat(chunks);
  };
  const text = async (source: AsyncIterable<unknown>): Promise<string> => new TextDecoder().decode(await read(source));
  return {
    buffer: read,
    text,
    json: async (source: AsyncIterable<unknown>) => JSON.parse(await text(source)),
    arrayBuffer: async (source: AsyncIterable<unknown>) => new Uint8Array(await read(source)).buffer,
    blob: async (source: AsyncIterable<unknown>) => new Blob([await read(source)]),
  };
}

export function createStreamWeb(): Exports {
  return {
    ReadableStream,
    ReadableStreamDefaultReader,
    ReadableStreamBYOBReader,
    ReadableStreamBYOBRequest,
    ReadableByteStreamController,
    ReadableStreamDefaultController,
    TransformStream,
    TransformStreamDefaultController,
    WritableStream,
    WritableStreamDefaultController,
    WritableStreamDefaultWriter,
    ByteLengthQueuingStrategy,
    CountQueuingStrategy,
    TextEncoderStream,
    TextDecoderStream,
    CompressionStream,
    DecompressionStream,
  };
}
