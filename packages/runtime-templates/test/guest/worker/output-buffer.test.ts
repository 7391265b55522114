/** The worker's output buffer: prompt at first, gathered later, exact always, and cut at the limit. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GuestFailure } from "../../../src/guest/worker/guest-runtime.ts";
import { createOutputBuffer } from "../../../src/guest/worker/output-buffer.ts";
import type { FromWorker } from "../../../src/protocol/worker-messages.ts";

function openBuffer(maxBytes: number) {
  const posted: FromWorker[] = [];
  const buffer = createOutputBuffer(maxBytes, (message) => void posted.push(message));
  /** Everything that left the buffer, in order. */
  const read = (stream: "stdout" | "stderr"): number[] =>
    [...posted, { type: "output", ...buffer.take() } as const].flatMap((message) =>
      stream in message ? Array.from((message as { [name in typeof stream]: Uint8Array })[stream]) : [],
    );
  return { buffer, posted, read };
}

/** Writes as a program does: an exception for too much output is its own to catch. */
function attempt(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if (error instanceof GuestFailure) return false;
    throw error;
  }
}

describe("createOutputBuffer()", () => {
  it("stdout() and stderr() keep every byte in order when the limit is not reached", () => {
    const writes = fc.array(fc.tuple(fc.boolean(), fc.uint8Array({ maxLength: 50 })), { maxLength: 200 });
    fc.assert(
      fc.property(writes, (chunks) => {
        const { buffer, read } = openBuffer(1_000_000);
        for (const [toStdout, bytes] of chunks) (toStdout ? buffer.stdout : buffer.stderr)(bytes);
        const [stdout, stderr] = [true, false].map((wanted) =>
          chunks.flatMap(([toStdout, bytes]) => (toStdout === wanted ? [...bytes] : [])),
        );
        expect(read("stdout")).toEqual(stdout);
        expect(read("stderr")).toEqual(stderr);
      }),
    );
  });

  it("stdout() never lets more out than the limit when a program goes on after its failure", () => {
    fc.assert(
      fc.property(fc.nat(40), fc.array(fc.uint8Array({ maxLength: 20 })), (maxBytes, chunks) => {
        const { buffer, read } = openBuffer(maxBytes);
        for (const bytes of chunks) attempt(() => buffer.stdout(bytes));
        const all = chunks.flatMap((bytes) => [...bytes]);
        expect(buffer.overflow !== undefined).toBe(all.length > maxBytes);
        expect(read("stdout")).toEqual(all.slice(0, maxBytes));
      }),
    );
  });

  it("stdout() copies what it is given when the caller uses the memory again", () => {
    const { buffer, read } = openBuffer(100);
    const memory = Uint8Array.of(1, 2);
    buffer.hold();
    buffer.stdout(memory);
    memory.fill(9);
    expect(read("stdout")).toEqual([1, 2]);
  });

  it("stdout() posts a program's first writes at once when it is not held", () => {
    const { buffer, posted } = openBuffer(100);
    buffer.stdout(Uint8Array.of(1));
    buffer.stderr(Uint8Array.of(2));
    expect(posted).toEqual([
      { type: "output", stdout: Uint8Array.of(1), stderr: new Uint8Array(0) },
      { type: "output", stdout: new Uint8Array(0), stderr: Uint8Array.of(2) },
    ]);
  });

  it("stdout() gathers small writes when a program writes very often", () => {
    const { buffer, posted, read } = openBuffer(100_000);
    for (let count = 0; count < 10_000; count += 1) buffer.stdout(Uint8Array.of(1));
    expect(posted.length).toBeLessThan(1_000);
    expect(read("stdout")).toHaveLength(10_000);
  });

  it("hold() keeps everything for take() when the program has ended", () => {
    const { buffer, posted } = openBuffer(100);
    buffer.hold();
    buffer.stdout(Uint8Array.of(1));
    expect(posted).toEqual([]);
    expect(buffer.take()).toEqual({ stdout: Uint8Array.of(1), stderr: new Uint8Array(0) });
    expect(buffer.take()).toEqual({ stdout: new Uint8Array(0), stderr: new Uint8Array(0) });
  });

  it("stdout() throws output_too_large, and posts the end of the run once, when there is too much", () => {
    const { buffer, posted } = openBuffer(3);
    buffer.stdout(Uint8Array.of(1, 2));
    expect(() => buffer.stdout(Uint8Array.of(3, 4))).toThrow(GuestFailure);
    expect(() => buffer.stdout(Uint8Array.of(5))).toThrow(GuestFailure);
    expect(posted.filter(({ type }) => type === "failed")).toMatchObject([{ code: "output_too_large" }]);
    expect(posted.at(-1)?.type).toBe("failed");
  });

  it("count() counts bytes that travel apart together with stdout when there are some", () => {
    const { buffer } = openBuffer(5);
    buffer.stdout(Uint8Array.of(1));
    buffer.count(4);
    expect(buffer.overflow).toBeUndefined();
    expect(attempt(() => buffer.count(1))).toBe(false);
    expect(buffer.overflow?.code).toBe("output_too_large");
  });

  it("stdout() keeps the bytes as they were when the program writes a Buffer and changes it", () => {
    const { buffer } = openBuffer(5);
    buffer.hold();
    const written = Buffer.from("abc");
    buffer.stdout(written);
    written.fill(0);
    expect(buffer.take().stdout).toEqual(new TextEncoder().encode("abc"));
  });
});

describe("createOutputBuffer() that drops", () => {
  it("stdout() throws nothing, and leaves one notice, when more than the limit is written", () => {
    const posted: FromWorker[] = [];
    const buffer = createOutputBuffer(4, (message) => void posted.push(message), { overflow: "drop" });
    for (const text of ["ab", "cdef", "gh"]) buffer.stdout(new TextEncoder().encode(text));
    const written = [...posted, { type: "output", ...buffer.take() } as const].map((message) =>
      "stdout" in message ? new TextDecoder().decode(message.stdout) : message.type,
    );
    expect(written.join("")).toBe("abcd\n… output beyond 4 bytes was dropped …\n");
    expect(buffer.overflow).toBeUndefined();
  });
});
