/** The three standard streams as bytes: the input to be read once, and the way out for what is written. */
import type { GuestOutput } from "../guest-runtime.ts";

export interface StandardIo {
  /** Takes up to `maxBytes` of what is left of standard input; empty at its end. */
  read(maxBytes: number): Uint8Array;
  /** @param descriptor 1 or 2 */
  write(descriptor: number, bytes: Uint8Array): void;
  connect(input: Uint8Array, output: GuestOutput): void;
  /** Drops everything that is written from now on. */
  disconnect(): void;
}

/** @param onFailure takes what a write throws: the output limit */
export function createStandardIo(onFailure: (error: unknown) => void): StandardIo {
  let input: Uint8Array = new Uint8Array(0);
  let output: GuestOutput | undefined;
  return {
    read(maxBytes) {
      const taken = input.slice(0, maxBytes);
      input = input.subarray(taken.length);
      return taken;
    },
    write(descriptor, bytes) {
      try {
        if (descriptor === 2) output?.stderr(bytes);
        else output?.stdout(bytes);
      } catch (error) {
        onFailure(error);
      }
    },
    connect(bytes, target) {
      input = bytes;
      output = target;
    },
    disconnect() {
      output = undefined;
    },
  };
}
