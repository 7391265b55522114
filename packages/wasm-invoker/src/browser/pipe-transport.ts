/** Puppeteer's transport over Chromium's debugging pipe: two file descriptors, no port that others could reach. */
import type { Readable, Writable } from "node:stream";
import type { ConnectionTransport } from "puppeteer-core/internal/common/ConnectionTransport.js";

const END = 0;

/** Messages are JSON text that ends with a NUL byte (Chromium's `--remote-debugging-pipe`). */
export function createPipeTransport(toBrowser: Writable, fromBrowser: Readable): ConnectionTransport {
  const transport: ConnectionTransport = {
    send: (message) => void toBrowser.write(`${message}\0`),
    close: () => toBrowser.end(),
  };
  let waiting: Buffer[] = [];
  fromBrowser.on("data", (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(END); end !== -1; end = chunk.indexOf(END, start)) {
      const message = Buffer.concat([...waiting, chunk.subarray(start, end)]);
      waiting = [];
      start = end + 1;
      transport.onmessage?.(message.toString("utf8"));
    }
    if (start < chunk.length) waiting.push(chunk.subarray(start));
  });
  fromBrowser.on("close", () => transport.onclose?.());
  // A browser that dies in mid-sentence is told by its exit, not by its pipes.
  toBrowser.on("error", () => undefined);
  fromBrowser.on("error", () => undefined);
  return transport;
}
