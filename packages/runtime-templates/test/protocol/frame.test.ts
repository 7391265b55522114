/** The frame codec: what goes in comes out, and what is no frame is refused in one of two ways. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFrame, encodeFrame } from "../../src/protocol/frame.ts";

const parts = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 });

describe("encodeFrame() and decodeFrame()", () => {
  it("decodeFrame() gives back message and parts when the frame was encoded", () => {
    fc.assert(
      fc.property(fc.jsonValue(), parts, (message, bytes) => {
        const frame = decodeFrame(encodeFrame(message, bytes));
        expect(frame.message).toEqual(JSON.parse(JSON.stringify(message)));
        expect(frame.parts).toEqual(bytes);
      }),
    );
  });

  it("decodeFrame() reads a frame when that lies somewhere in a larger buffer", () => {
    const frame = encodeFrame({ type: "booted" }, [Uint8Array.of(1, 2), Uint8Array.of()]);
    const larger = new Uint8Array(frame.length + 9).fill(0xff);
    larger.set(frame, 5);
    const { message, parts: found } = decodeFrame(larger.subarray(5, 5 + frame.length));
    expect(message).toEqual({ type: "booted" });
    expect(found).toEqual([Uint8Array.of(1, 2), Uint8Array.of()]);
  });

  it("encodeFrame() writes the header's length as 32 bits, little endian, when it is laid out", () => {
    const frame = encodeFrame("é", [Uint8Array.of(7)]);
    const header = JSON.stringify({ message: "é", parts: [1] });
    expect([...frame.subarray(0, 4)]).toEqual([Buffer.byteLength(header), 0, 0, 0]);
    expect(Buffer.from(frame.subarray(4, -1)).toString()).toBe(header);
    expect(frame.at(-1)).toBe(7);
  });
});

describe("decodeFrame()", () => {
  it("decodeFrame() throws RangeError or SyntaxError when the bytes are any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => refuses(bytes)));
  });

  it("decodeFrame() throws RangeError or SyntaxError when the header is JSON of any kind", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.uint8Array({ maxLength: 40 }), (header, rest) => refuses(frameOf(header, rest))),
    );
  });

  it.each([
    ["is empty", new Uint8Array(0), RangeError],
    ["ends in its length", Uint8Array.of(1, 0, 0), RangeError],
    ["ends before its header", Uint8Array.of(255, 255, 255, 255, 1), RangeError],
    ["has a header that is no JSON", Uint8Array.of(1, 0, 0, 0, 0x7b), SyntaxError],
    ["has a header that is not UTF-8", Uint8Array.of(2, 0, 0, 0, 0x22, 0xff), SyntaxError],
    ["has no message", frameOf({ parts: [] }), SyntaxError],
    ["has parts that are no list", frameOf({ message: 1, parts: {} }), SyntaxError],
    ["is shorter than its parts", frameOf({ message: 1, parts: [3] }, Uint8Array.of(1, 2)), RangeError],
    ["is longer than its parts", frameOf({ message: 1, parts: [1] }, Uint8Array.of(1, 2)), RangeError],
    ["has a part of negative length", frameOf({ message: 1, parts: [2, -1] }, Uint8Array.of(1)), RangeError],
    ["has a part of broken length", frameOf({ message: 1, parts: [0.5] }, Uint8Array.of(1)), RangeError],
    ["has a part whose length is no number", frameOf({ message: 1, parts: ["1"] }, Uint8Array.of(1)), RangeError],
  ])("decodeFrame() throws when the frame %s", (_why, bytes, error) => {
    expect(() => decodeFrame(bytes)).toThrow(error);
  });
});

function frameOf(header: unknown, rest = new Uint8Array(0)): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(4 + text.length + rest.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(rest, 4 + text.length);
  return bytes;
}

/** Either it is a frame after all, or it is refused as promised. */
function refuses(bytes: Uint8Array): boolean {
  try {
    return decodeFrame(bytes) !== undefined;
  } catch (error) {
    return error instanceof RangeError || error instanceof SyntaxError;
  }
}
