/** The floor: a bare WebSocket round trip through a worker, in the same browser build and with the same flags. */
import { launchBrowser } from "@toolpocket/wasm-invoker/browser";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { type WebSocket, WebSocketServer } from "ws";

const PAGE = `<!doctype html><link rel="icon" href="data:,"><script type="module">
const socket = new WebSocket(location.href.replace("http", "ws"));
socket.binaryType = "arraybuffer";
const worker = new Worker("/worker.js", { type: "module" });
worker.onmessage = (event) => socket.send(event.data);
socket.onmessage = (event) => worker.postMessage(event.data, [event.data]);
</script>`;
/** Answers with as many bytes as the first four of the message say. */
const WORKER = `onmessage = ({ data }) => {
  const answer = new ArrayBuffer(new DataView(data).getUint32(0, true));
  postMessage(answer, [answer]);
};`;

/** Bytes of a small message, as many as a short call has. */
const SMALL_BYTES = 64;

export interface RoundTrip {
  /** @defaultValue a small message */
  readonly sentBytes?: number;
  /** @defaultValue a small message */
  readonly answeredBytes?: number;
}

export interface Floor extends AsyncDisposable {
  /** Milliseconds of one round trip. */
  roundTrip(trip?: RoundTrip): Promise<number>;
}

export async function openFloor(): Promise<Floor> {
  const server = createServer((request, response) => {
    const isWorker = request.url === "/worker.js";
    response.setHeader("Content-Type", isWorker ? "text/javascript" : "text/html");
    response.end(isWorker ? WORKER : PAGE);
  });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const browser = await launchBrowser({ serverPort: port });
  const connected = once(sockets, "connection") as Promise<[WebSocket]>;
  await browser.openPage(`http://floor.localhost:${port}/`, () => connected);
  const [socket] = await connected;

  return {
    async roundTrip({ sentBytes = SMALL_BYTES, answeredBytes = SMALL_BYTES } = {}) {
      const payload = Buffer.alloc(sentBytes);
      payload.writeUInt32LE(answeredBytes);
      const start = performance.now();
      socket.send(payload);
      await once(socket, "message");
      return performance.now() - start;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      for (const client of sockets.clients) client.terminate();
      server.close();
    },
  };
}
