/** Makes the browser's own asynchronous operations keep the program alive, as Node's do. */
import { relayStream } from "../../fetch/relay-stream.ts";
import type { CallHost } from "../../host-calls.ts";
import type { EventLoop } from "../event-loop.ts";
import type { Exports } from "../node-realm.ts";

/** Replaces each function of `owner` by one that holds the loop until its promise settles. */
function hold(loop: EventLoop, owner: Exports, names: readonly string[]): void {
  for (const name of names) {
    const method = owner?.[name];
    if (typeof method !== "function") continue;
    const holding = {
      [name](this: unknown, ...values: unknown[]): unknown {
        const result: unknown = Reflect.apply(method, this, values);
        return result instanceof Promise ? loop.holdFor(result) : result;
      },
    }[name];
    Object.defineProperty(owner, name, { value: holding, writable: true, configurable: true });
  }
}

const BODY = ["arrayBuffer", "blob", "bytes", "formData", "json", "text"];
const SUBTLE = [
  "encrypt",
  "decrypt",
  "sign",
  "verify",
  "digest",
  "generateKey",
  "deriveKey",
  "deriveBits",
  "importKey",
  "exportKey",
  "wrapKey",
  "unwrapKey",
];

export function holdForNativePromises(loop: EventLoop): void {
  hold(loop, Blob.prototype, ["arrayBuffer", "bytes", "text"]);
  hold(loop, Response.prototype, BODY);
  hold(loop, Request.prototype, BODY);
  hold(loop, SubtleCrypto.prototype, SUBTLE);
  hold(loop, WebAssembly, ["compile", "instantiate", "compileStreaming", "instantiateStreaming"]);
  holdStream(loop, Blob.prototype);
}

/** Calls of the host, and reads of what they answer, keep the program alive while they are waited for. */
export function holdForHostCalls(loop: EventLoop, callHost: CallHost): CallHost {
  return async (service, request, options) => {
    const { answer, body } = await loop.holdFor(callHost(service, request, options));
    return { answer, body: relayStream(body, (read) => loop.holdFor(read)) };
  };
}

/** A blob's stream reads outside the worker: each read of it holds the loop. */
function holdStream(loop: EventLoop, prototype: Exports): void {
  const { stream } = prototype;
  Object.defineProperty(prototype, "stream", {
    writable: true,
    configurable: true,
    value(this: Blob): ReadableStream<Uint8Array> {
      return relayStream(Reflect.apply(stream, this, []) as ReadableStream<Uint8Array>, (read) => loop.holdFor(read));
    },
  });
}
