/** Makes the event of one hop: begun when it is sent, told once, when its last byte is there or it has failed. */
import type { HostCallError, NetworkRequest, RunEvent } from "@toolpocket/core";
import { describeUrl } from "./denial-log.ts";
import type { SecretMask } from "./mask-secrets.ts";

export interface RequestReport {
  /** Adds bytes of the body that were sent. */
  sent(bytes: number): void;
  /** Adds bytes of the answer's body, as they came. */
  received(bytes: number): void;
  /** Only the first call counts. */
  finish(status: number | undefined, failure?: HostCallError): void;
}

export interface RequestReportOptions {
  readonly mask: SecretMask;
  onEvent(event: RunEvent): void;
}

export function startRequestReport({ method, url }: NetworkRequest, options: RequestReportOptions): RequestReport {
  const { mask, onEvent } = options;
  const start = performance.now();
  let requestBytes = 0;
  let responseBytes = 0;
  let isFinished = false;
  return {
    sent: (bytes) => void (requestBytes += bytes),
    received: (bytes) => void (responseBytes += bytes),
    finish(status, failure) {
      if (isFinished) return;
      isFinished = true;
      onEvent({
        type: "request",
        method: mask.text(method),
        url: describeUrl(url, mask),
        ...(status !== undefined && { status }),
        requestBytes,
        responseBytes,
        durationMs: performance.now() - start,
        ...(failure !== undefined && { failure: mask.text(failure.message) }),
      });
    },
  };
}
