/** The page's gate for output: it counts what a worker sends, and cuts what is too much, whatever the worker says. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createOutputGate } from "../../../src/guest/page/output-gate.ts";
import type { FromPage } from "../../../src/protocol/page-messages.ts";

const NOTHING = new Uint8Array(0);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function openGate(maxBytes: number) {
  const sent: { message: FromPage; parts: number[][] }[] = [];
  const gate = createOutputGate("run", maxBytes, (message, parts = []) => {
    sent.push({ message, parts: parts.map((part) => [...part]) });
  });
  return { gate, sent };
}

describe("createOutputGate()", () => {
  it("end() sends exit code, streams and value when all is within the limit", () => {
    const { gate, sent } = openGate(8);
    gate.end(
      {
        type: "exited",
        exitCode: 3,
        stdout: Uint8Array.of(1),
        stderr: Uint8Array.of(2),
        value: encode('"é"'),
        peakMemoryBytes: 9,
      },
      true,
    );
    expect(sent).toEqual([
      {
        message: { type: "exited", id: "run", exitCode: 3, hasValue: true, waited: true, peakMemoryBytes: 9 },
        parts: [[1], [2], [0x22, 0xc3, 0xa9, 0x22]],
      },
    ]);
  });

  it("end() sends no value when there is none", () => {
    const { gate, sent } = openGate(8);
    gate.end({ type: "exited", exitCode: 0, stdout: NOTHING, stderr: NOTHING }, false);
    expect(sent).toEqual([
      { message: { type: "exited", id: "run", exitCode: 0, hasValue: false, waited: false }, parts: [[], []] },
    ]);
  });

  it("pass() cuts stdout and stderr each at the limit, and tells only of stdout, when there is too much", () => {
    const { gate, sent } = openGate(3);
    expect(gate.pass(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3, 4))).toBe(true);
    expect(gate.pass(Uint8Array.of(3, 4), Uint8Array.of(5))).toBe(false);
    expect(sent.map(({ parts }) => parts)).toEqual([
      [
        [1, 2],
        [1, 2, 3],
      ],
      [[3], []],
    ]);
  });

  it.each([
    ["stdout alone is too long", Uint8Array.of(1, 2, 3, 4), undefined],
    ["stdout and the value together are too long", Uint8Array.of(1, 2), "12"],
    ["the value alone is too long", NOTHING, '"ééé"'],
  ])("end() fails with output_too_large when %s", (_why, stdout, value) => {
    const { gate, sent } = openGate(3);
    gate.end(
      { type: "exited", exitCode: 0, stdout, stderr: NOTHING, ...(value !== undefined && { value: encode(value) }) },
      false,
    );
    expect(sent[0]?.message).toMatchObject({ type: "failed", code: "output_too_large", id: "run" });
    expect(sent[0]?.parts[0]).toEqual([...stdout.subarray(0, 3)]);
  });

  it("pass() and end() never send more than the limit of each stream when a worker sends anything", () => {
    const chunks = fc.array(fc.tuple(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 20 })));
    fc.assert(
      fc.property(fc.nat(60), chunks, (maxBytes, writes) => {
        const { gate, sent } = openGate(maxBytes);
        for (const [stdout, stderr] of writes) gate.pass(stdout, stderr);
        gate.end({ type: "exited", exitCode: 0, stdout: NOTHING, stderr: NOTHING }, false);
        for (const stream of [0, 1]) {
          const all = writes.flatMap((write) => [...(write[stream] ?? [])]);
          expect(sent.flatMap(({ parts }) => parts[stream] ?? [])).toEqual(all.slice(0, maxBytes));
        }
      }),
    );
  });
});
