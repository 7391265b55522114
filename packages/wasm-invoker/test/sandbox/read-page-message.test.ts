/** What a page says is untrusted: only messages of the protocol's own shapes pass. */
import { encodeFrame } from "@toolpocket/runtime-templates";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPageMessage } from "../../src/sandbox/read-page-message.ts";

const PART = Uint8Array.of(1);

const WELL_FORMED: [message: Record<string, unknown>, parts: number][] = [
  [{ type: "booted" }, 0],
  [{ type: "boot-failed", message: "no memory" }, 0],
  [{ type: "snapshot" }, 1],
  [{ type: "started", id: "1" }, 0],
  [{ type: "stopped", id: "1" }, 0],
  [{ type: "output", id: "1" }, 2],
  [{ type: "exited", id: "1", exitCode: 0, hasValue: false, waited: false }, 2],
  [{ type: "exited", id: "1", exitCode: 255, hasValue: true, waited: true, peakMemoryBytes: 1 }, 3],
  [{ type: "failed", id: "1", code: "memory_exceeded", message: "too much", waited: false }, 2],
];

function read(message: unknown, parts: number) {
  return readPageMessage(
    encodeFrame(
      message,
      Array.from({ length: parts }, () => PART),
    ),
  );
}

describe("readPageMessage()", () => {
  it.each(WELL_FORMED)("readPageMessage() gives the message and its parts when it is %j", (message, parts) => {
    expect(read(message, parts)).toEqual({ message, parts: Array.from({ length: parts }, () => PART) });
  });

  it("readPageMessage() drops fields that the protocol does not know when there are some", () => {
    const message = { type: "started", id: "1", __proto__: { id: "2" }, more: true };
    expect(read(message, 0)?.message).toEqual({ type: "started", id: "1" });
  });

  it.each([
    ["is no object", "started", 0],
    ["is null", null, 0],
    ["is a list", ["started"], 0],
    ["has no type", { id: "1" }, 0],
    ["has another type", { type: "bind", id: "1" }, 0],
    ["has a type of the language's own", { type: "constructor", id: "1" }, 0],
    ["has an id that is no text", { type: "started", id: 1 }, 0],
    ["lacks a part", { type: "output", id: "1" }, 1],
    ["has a part too many", { type: "output", id: "1" }, 3],
    ["has no snapshot", { type: "snapshot" }, 0],
    ["has a negative exit code", { type: "exited", id: "1", exitCode: -1, hasValue: false, waited: false }, 2],
    [
      "has an exit code that is too large",
      { type: "exited", id: "1", exitCode: 256, hasValue: false, waited: false },
      2,
    ],
    ["has an exit code that is text", { type: "exited", id: "1", exitCode: "0", hasValue: false, waited: false }, 2],
    ["promises a value that is not there", { type: "exited", id: "1", exitCode: 0, hasValue: true, waited: false }, 2],
    [
      "brings a value that it does not promise",
      { type: "exited", id: "1", exitCode: 0, hasValue: false, waited: false },
      3,
    ],
    ["does not tell whether it waited", { type: "exited", id: "1", exitCode: 0, hasValue: false }, 2],
    ["fails with a code of the host's", { type: "failed", id: "1", code: "timeout", message: "", waited: false }, 2],
    ["fails without a message", { type: "failed", id: "1", code: "execution_failed", waited: false }, 2],
  ])("readPageMessage() gives undefined when the message %s", (_why, message, parts) => {
    expect(read(message, parts)).toBeUndefined();
  });

  it("readPageMessage() gives undefined when the bytes are no frame", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => readPageMessage(bytes) === undefined));
  });

  it("readPageMessage() lets only well-formed messages pass when fields are mixed at random", () => {
    const mixed = fc.record(
      {
        type: fc.constantFrom(
          "booted",
          "boot-failed",
          "snapshot",
          "started",
          "stopped",
          "output",
          "exited",
          "failed",
          "x",
        ),
        id: fc.oneof(fc.string(), fc.jsonValue()),
        exitCode: fc.oneof(fc.integer({ min: -2, max: 300 }), fc.jsonValue()),
        hasValue: fc.oneof(fc.boolean(), fc.jsonValue()),
        waited: fc.oneof(fc.boolean(), fc.jsonValue()),
        peakMemoryBytes: fc.jsonValue(),
        code: fc.constantFrom("execution_failed", "output_too_large", "timeout", "toString", null),
        message: fc.oneof(fc.string(), fc.jsonValue()),
      },
      { requiredKeys: ["type"] },
    );
    fc.assert(
      fc.property(mixed, fc.nat(4), (message, parts) => {
        const passed = read(message, parts)?.message;
        expect(passed === undefined || isOfProtocol(passed, parts)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("readPageMessage() cuts texts when a page sends very long ones", () => {
    const long = "x".repeat(1_000_000);
    const failed = read({ type: "failed", id: "1", code: "execution_failed", message: long, waited: false }, 2);
    expect(failed?.message).toMatchObject({ message: "x".repeat(4_000) });
    expect(read({ type: "boot-failed", message: long }, 0)?.message).toEqual({
      type: "boot-failed",
      message: "x".repeat(4_000),
    });
  });

  it("readPageMessage() leaves the measure of memory out when it is no whole number", () => {
    const exited = { type: "exited", id: "1", exitCode: 0, hasValue: false, waited: false };
    for (const peakMemoryBytes of [-1, 0.5, 2 ** 60, "1", null, {}]) {
      expect(read({ ...exited, peakMemoryBytes }, 2)?.message).toEqual(exited);
    }
  });
});

function isOfProtocol(message: object, parts: number): boolean {
  const fields = message as Record<string, unknown>;
  switch (fields["type"]) {
    case "booted":
      return true;
    case "boot-failed":
      return typeof fields["message"] === "string";
    case "snapshot":
      return parts === 1;
    case "started":
    case "stopped":
      return typeof fields["id"] === "string";
    case "output":
      return typeof fields["id"] === "string" && parts === 2;
    case "exited":
      return (
        typeof fields["id"] === "string" &&
        Number.isInteger(fields["exitCode"]) &&
        parts === (fields["hasValue"] ? 3 : 2)
      );
    case "failed":
      return typeof fields["id"] === "string" && typeof fields["message"] === "string" && parts === 2;
    default:
      return false;
  }
}
