/** The debugging pipe: messages come out whole, however their bytes arrive. */
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPipeTransport } from "../../src/browser/pipe-transport.ts";

function open() {
  const toBrowser = new PassThrough();
  const fromBrowser = new PassThrough();
  const transport = createPipeTransport(toBrowser, fromBrowser);
  const received: string[] = [];
  transport.onmessage = (message) => void received.push(message);
  return { transport, toBrowser, fromBrowser, received };
}

/** Until everything that was written has been read. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("createPipeTransport()", () => {
  it("onmessage gets every message unchanged when their bytes are cut anywhere", async () => {
    const messages = fc.array(
      fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(messages, fc.array(fc.nat(), { maxLength: 10 }), async (texts, cuts) => {
        const { fromBrowser, received } = open();
        const bytes = Buffer.from(texts.map((text) => `${text}\0`).join(""));
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
        for (const [index, place] of places.entries()) fromBrowser.write(bytes.subarray(place, places[index + 1]));
        await settle();
        expect(received).toEqual(texts);
      }),
    );
  });

  it("send() ends each message with a NUL byte when it is called", () => {
    const { transport, toBrowser } = open();
    transport.send('{"id":1}');
    transport.send('{"é":2}');
    expect(toBrowser.read().toString()).toBe('{"id":1}\0{"é":2}\0');
  });

  it("onclose is called when the browser has closed its end, and close() closes ours", async () => {
    const { transport, toBrowser, fromBrowser } = open();
    const closed = new Promise<void>((resolve) => (transport.onclose = resolve));
    fromBrowser.destroy();
    await closed;
    transport.close();
    expect(toBrowser.writableEnded).toBe(true);
  });

  it("send() is silent when the browser has died", async () => {
    const { transport, toBrowser } = open();
    toBrowser.destroy(new Error("EPIPE"));
    transport.send("{}");
    await settle();
    expect(toBrowser.destroyed).toBe(true);
  });
});
