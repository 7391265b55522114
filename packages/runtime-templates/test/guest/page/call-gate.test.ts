/** The page's gate for host calls: what a worker sends is passed on only where it keeps to the protocol. */
import { describe, expect, it, vi } from "vitest";
import { createCallGate } from "../../../src/guest/page/call-gate.ts";
import type { FromPage } from "../../../src/protocol/page-messages.ts";
import {
  INITIAL_CREDIT_BYTES,
  MAX_CALLS,
  MAX_CHUNK_BYTES,
  MAX_OPEN_CALLS,
  MAX_REQUEST_CHARACTERS,
} from "../../../src/protocol/host-calls.ts";

const call = (number: number, more: object = {}) => ({
  type: "call",
  call: number,
  service: "fetch",
  request: "{}",
  hasBody: false,
  ...more,
});

function start() {
  const send = vi.fn<(message: FromPage, parts?: readonly Uint8Array[]) => void>();
  return { gate: createCallGate("run", send), send };
}

describe("createCallGate()", () => {
  it("pass() sends a call on with the run's id when it keeps to the protocol", () => {
    const { gate, send } = start();
    expect(gate.pass({ ...call(1), id: "forged", more: "dropped" }, undefined)).toBe(true);
    const chunk = new Uint8Array(MAX_CHUNK_BYTES);
    expect(gate.pass({ type: "call-data", call: 1, isLast: true }, chunk)).toBe(true);
    expect(send.mock.calls).toEqual([
      [{ type: "host-call", id: "run", message: call(1) }, []],
      [{ type: "host-call", id: "run", message: { type: "call-data", call: 1, isLast: true } }, [chunk]],
    ]);
  });

  it.each([
    ["nothing", undefined],
    ["a text", "call"],
    ["an unknown type", { type: "answer", call: 1 }],
    ["no number", { ...call(1), call: "1" }],
    ["a number below one", call(0)],
    ["a fraction", call(1.5)],
    ["a service that is no text", call(1, { service: {} })],
    ["an endless service name", call(1, { service: "x".repeat(65) })],
    ["a request that is no text", call(1, { request: { url: "x" } })],
    ["an oversized request", call(1, { request: "x".repeat(MAX_REQUEST_CHARACTERS + 1) })],
    ["no word on a body", call(1, { hasBody: 1 })],
    ["negative credit", { type: "call-credit", call: 1, bytes: -1 }],
    ["no credit", { type: "call-credit", call: 1, bytes: 0 }],
    ["endless credit", { type: "call-credit", call: 1, bytes: INITIAL_CREDIT_BYTES + 1 }],
    ["data without bytes", { type: "call-data", call: 1, isLast: true }],
  ])("pass() is false when the message has %s", (_what, message) => {
    expect(start().gate.pass(message, undefined)).toBe(false);
  });

  it("pass() is false when a chunk is too large, empty before the end, or where none belongs", () => {
    const { gate } = start();
    const data = { type: "call-data", call: 1, isLast: false };
    expect(gate.pass(data, new Uint8Array(MAX_CHUNK_BYTES + 1))).toBe(false);
    expect(gate.pass(data, new Uint8Array(0))).toBe(false);
    expect(gate.pass(call(1), new Uint8Array(1))).toBe(false);
  });

  it("pass() is false when a number is used again, or goes back", () => {
    const { gate } = start();
    expect(gate.pass(call(7), undefined)).toBe(true);
    expect(gate.pass(call(7), undefined)).toBe(false);
    expect(gate.pass(call(6), undefined)).toBe(false);
  });

  it("pass() is false when more calls are open than may be, and when a run has made all of its calls", () => {
    const { gate } = start();
    for (let number = 1; number <= MAX_OPEN_CALLS; number += 1) expect(gate.pass(call(number), undefined)).toBe(true);
    expect(gate.pass(call(MAX_OPEN_CALLS + 1), undefined)).toBe(false);
    const other = start().gate;
    for (let number = 1; number <= MAX_CALLS; number += 1) {
      expect(other.pass(call(number), undefined)).toBe(true);
      other.pass({ type: "call-cancel", call: number }, undefined);
    }
    expect(other.pass(call(MAX_CALLS + 1), undefined)).toBe(false);
  });

  it("pass() sends nothing on when the call is not open", () => {
    const { gate, send } = start();
    expect(gate.pass({ type: "call-data", call: 3, isLast: true }, new Uint8Array(1))).toBe(true);
    expect(gate.pass({ type: "call-cancel", call: 3 }, undefined)).toBe(true);
    expect(send).not.toHaveBeenCalled();
  });

  it("admit() is true until the answer ends, is given up, or was never asked for", () => {
    const { gate } = start();
    gate.pass(call(1), undefined);
    gate.pass(call(2), undefined);
    expect(gate.admit({ type: "answer-credit", call: 1, bytes: 1 })).toBe(true);
    expect(gate.admit({ type: "answer", call: 1, answer: "1", hasBody: true })).toBe(true);
    expect(gate.admit({ type: "answer-data", call: 1, isLast: true })).toBe(true);
    expect(gate.admit({ type: "answer-data", call: 1, isLast: true })).toBe(false);
    gate.pass({ type: "call-cancel", call: 2 }, undefined);
    expect(gate.admit({ type: "answer-failed", call: 2, code: "x", message: "" })).toBe(false);
    expect(gate.admit({ type: "answer-failed", call: 9, code: "x", message: "" })).toBe(false);
  });
});
