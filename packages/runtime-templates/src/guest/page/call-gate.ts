/** Passes a worker's host calls on to the host and the answers back: what a worker sends is the guest's word. */
import { MAX_CALLS, MAX_OPEN_CALLS } from "../../protocol/host-calls.ts";
import type { HostAnswerMessage } from "../../protocol/host-calls.ts";
import type { FromPage } from "../../protocol/page-messages.ts";
import { readGuestCall } from "../../protocol/read-guest-call.ts";

export interface CallGate {
  /** Sends a call's message on; false where it breaks the protocol. What belongs to no open call goes nowhere. */
  pass(message: unknown, bytes: Uint8Array | undefined): boolean;
  /** Takes note of what the host answers; false where no call waits for it any more. */
  admit(message: HostAnswerMessage): boolean;
}

type Send = (message: FromPage, parts?: readonly Uint8Array[]) => void;

export function createCallGate(id: string, send: Send): CallGate {
  const open = new Set<number>();
  let last = 0;
  let calls = 0;

  return {
    pass(untrusted, bytes) {
      const message = readGuestCall(untrusted, bytes?.length);
      if (!message) return false;
      if (message.type === "call") {
        calls += 1;
        if (message.call <= last || open.size === MAX_OPEN_CALLS || calls > MAX_CALLS) return false;
        last = message.call;
        open.add(message.call);
      } else if (!open.has(message.call)) return true;
      if (message.type === "call-cancel") open.delete(message.call);
      send({ type: "host-call", id, message }, bytes ? [bytes] : []);
      return true;
    },
    admit(message) {
      if (!open.has(message.call)) return false;
      if (endsCall(message)) open.delete(message.call);
      return true;
    },
  };
}

function endsCall(message: HostAnswerMessage): boolean {
  switch (message.type) {
    case "answer":
      return !message.hasBody;
    case "answer-data":
      return message.isLast;
    case "answer-failed":
      return true;
    case "answer-credit":
      return false;
  }
}
