/** Counts and cuts what a worker sends on its way to the host: the worker's own count is the guest's word. */
import type { FromPage } from "../../protocol/page-messages.ts";
import type { RunEnd } from "../../protocol/worker-messages.ts";

export interface OutputGate {
  /** Sends output on; false once there was too much. */
  pass(stdout: Uint8Array, stderr: Uint8Array): boolean;
  /** Sends the end of the run. */
  end(end: RunEnd, waited: boolean): void;
}

type Send = (message: FromPage, parts?: readonly Uint8Array[]) => void;

export function createOutputGate(id: string, maxBytes: number, send: Send): OutputGate {
  let stdoutBytes = 0;
  let stderrBytes = 0;

  function admit(stdout: Uint8Array, stderr: Uint8Array): Uint8Array[] {
    const parts = [cut(stdout, maxBytes - stdoutBytes), cut(stderr, maxBytes - stderrBytes)];
    stdoutBytes += stdout.length;
    stderrBytes += stderr.length;
    return parts;
  }

  return {
    pass(stdout, stderr) {
      send({ type: "output", id }, admit(stdout, stderr));
      return stdoutBytes <= maxBytes;
    },
    end(end, waited) {
      const parts = admit(end.stdout, end.stderr);
      const { peakMemoryBytes, fuel } = end;
      const measures = {
        ...(peakMemoryBytes !== undefined && { peakMemoryBytes }),
        ...(fuel !== undefined && { fuel }),
      };
      if (end.type === "failed")
        return send({ type: "failed", id, code: end.code, message: end.message, waited, ...measures }, parts);
      const { exitCode, value } = end;
      if (stdoutBytes + (value?.length ?? 0) > maxBytes) {
        const message = tooLarge(maxBytes);
        return send({ type: "failed", id, code: "output_too_large", message, waited, ...measures }, parts);
      }
      send(
        {
          type: "exited",
          id,
          exitCode,
          hasValue: value !== undefined,
          waited,
          ...measures,
        },
        value ? [...parts, value] : parts,
      );
    },
  };
}

export function tooLarge(maxBytes: number): string {
  return `output is longer than ${maxBytes} bytes`;
}

function cut(bytes: Uint8Array, room: number): Uint8Array {
  return bytes.subarray(0, Math.max(0, room));
}
