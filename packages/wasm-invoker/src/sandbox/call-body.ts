/** The body of a guest's call as its service reads it: chunk by chunk, no more under way than there is credit for. */
import { INITIAL_CREDIT_BYTES } from "@toolpocket/runtime-templates";

export interface CallBody {
  /** To be read once. Throws the signal's reason when the call ends before its body. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** False where the guest sends more than it may, or goes on after the end. */
  add(chunk: Uint8Array, isLast: boolean): boolean;
}

export interface CallBodyOptions {
  hasBody: boolean;
  signal: AbortSignal;
  /** The service has taken so many bytes. */
  onRead(bytes: number): void;
}

export function createCallBody({ hasBody, signal, onRead }: CallBodyOptions): CallBody {
  const waiting: Uint8Array[] = [];
  let credit = INITIAL_CREDIT_BYTES;
  let complete = !hasBody;
  let wake = (): void => undefined;
  signal.addEventListener("abort", () => wake(), { once: true });

  async function* read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      signal.throwIfAborted();
      const chunk = waiting.shift();
      if (chunk) {
        credit += chunk.length;
        onRead(chunk.length);
        yield chunk;
      } else if (complete) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  return {
    chunks: read(),
    add(chunk, isLast) {
      if (complete || chunk.length > credit) return false;
      credit -= chunk.length;
      // A copy: the chunk is a view into a frame.
      if (chunk.length > 0) waiting.push(new Uint8Array(chunk));
      complete = isLast;
      wake();
      return true;
    },
  };
}
