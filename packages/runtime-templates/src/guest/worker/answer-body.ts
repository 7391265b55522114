/** The body of a host's answer as a stream: holds what has come, and tells when it is read. */

export interface AnswerBody {
  readonly stream: ReadableStream<Uint8Array>;
  add(bytes: Uint8Array<ArrayBuffer>): void;
  end(): void;
  /** What has come is still read, then the stream fails. */
  fail(error: unknown): void;
}

export interface AnswerBodyOptions {
  /** So many bytes were read. */
  onRead(bytes: number): void;
  onCancel(): void;
}

export function createAnswerBody({ onRead, onCancel }: AnswerBodyOptions): AnswerBody {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let over: { readonly error?: unknown } | undefined;
  let wake = (): void => undefined;

  const stream = new ReadableStream(
    {
      type: "bytes",
      async pull(controller) {
        if (chunks.length === 0 && !over) await new Promise<void>((resolve) => (wake = resolve));
        const chunk = chunks.shift();
        if (chunk) {
          // The stream takes the chunk's memory away, and its length with it.
          const { length } = chunk;
          controller.enqueue(chunk);
          return onRead(length);
        }
        if (over && "error" in over) return controller.error(over.error);
        controller.close();
        controller.byobRequest?.respond(0);
      },
      cancel: onCancel,
    },
    { highWaterMark: 0 },
  );

  function settle(how: { readonly error?: unknown }): void {
    over ??= how;
    wake();
  }

  return {
    stream,
    add(bytes) {
      chunks.push(bytes);
      wake();
    },
    end: () => settle({}),
    fail: (error) => settle({ error }),
  };
}
