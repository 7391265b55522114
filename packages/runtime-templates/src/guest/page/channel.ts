/** The page's end of the channel: frames over one WebSocket. */
import { decodeFrame, encodeFrame } from "../../protocol/frame.ts";
import type { FromPage, ToPage } from "../../protocol/page-messages.ts";

export interface Channel {
  send(message: FromPage, parts?: readonly Uint8Array[]): void;
  receive(handle: (message: ToPage, parts: readonly Uint8Array[]) => void): void;
}

/** Connects to the host; resolves when the channel is open. Messages that come before `receive()` wait. */
export async function connectChannel(path: string): Promise<Channel> {
  const socket = new WebSocket(new URL(path, location.href.replace(/^http/u, "ws")));
  socket.binaryType = "arraybuffer";
  const early: Uint8Array[] = [];
  let handle = (bytes: Uint8Array): void => void early.push(bytes);
  socket.addEventListener("message", (event: MessageEvent<ArrayBuffer>) => handle(new Uint8Array(event.data)));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve(), { once: true });
    socket.addEventListener("error", () => reject(new Error("the channel to the host did not open")), { once: true });
  });
  return {
    send: (message, parts = []) => socket.send(encodeFrame(message, parts)),
    receive(next) {
      handle = (bytes) => {
        const { message, parts } = decodeFrame(bytes);
        next(message as ToPage, parts);
      };
      early.splice(0).forEach(handle);
    },
  };
}
