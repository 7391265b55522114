/** A stream whose reads go through a function: to keep something alive meanwhile, or to reword its errors. */

/** `around` is given each read's promise, and its answer is the one that counts. */
export function relayStream(
  source: ReadableStream<Uint8Array>,
  around: <Value>(read: Promise<Value>) => Promise<Value>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = source.getReader();
  const underlying: UnderlyingByteSource = {
    type: "bytes",
    async pull(controller) {
      const { value, done } = await around(reader.read());
      if (!done) return controller.enqueue(value as Uint8Array<ArrayBuffer>);
      controller.close();
      controller.byobRequest?.respond(0);
    },
    cancel: (reason) => reader.cancel(reason),
  };
  return new ReadableStream(underlying, { highWaterMark: 0 }) as ReadableStream<Uint8Array<ArrayBuffer>>;
}
