/** Hands out copies of the memory snapshot without keeping the page's thread from its calls. */
import type { FromCopier, ToCopier } from "../../protocol/copier-messages.ts";

export type Copier = () => Promise<ArrayBuffer>;

/** Takes `bytes` over; every copy belongs to its taker. */
export function createCopier(workerUrl: string, bytes: ArrayBuffer): Copier {
  const worker = new Worker(workerUrl, { type: "module" });
  const post = (message: ToCopier, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);
  const waiting: PromiseWithResolvers<ArrayBuffer>[] = [];
  worker.onmessage = (event: MessageEvent<FromCopier>) => waiting.shift()?.resolve(event.data.bytes);
  worker.onerror = (event) => waiting.shift()?.reject(new Error(event.message || "the copier's script did not load"));
  post({ type: "keep", bytes }, [bytes]);
  return () => {
    const copy = Promise.withResolvers<ArrayBuffer>();
    waiting.push(copy);
    post({ type: "copy" });
    return copy.promise;
  };
}
