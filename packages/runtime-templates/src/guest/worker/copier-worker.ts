/**
 * The script of a page's copier: keeps the memory snapshot and hands out copies of it. Copying 31 MB takes tens of
 * milliseconds, which the page's own thread does not have: it carries the calls. No tool's code comes near this worker.
 */
import type { FromCopier, ToCopier } from "../../protocol/copier-messages.ts";

let original: ArrayBuffer | undefined;
let next: ArrayBuffer | undefined;

self.addEventListener("message", (event: MessageEvent<ToCopier>) => {
  if (event.data.type === "keep") {
    original = event.data.bytes;
    next = original.slice(0);
    return;
  }
  const copy = next ?? original?.slice(0);
  if (!copy) throw new Error("a copy was asked for before there was an original");
  const answer: FromCopier = { bytes: copy };
  self.postMessage(answer, { transfer: [copy] });
  next = original?.slice(0);
});
