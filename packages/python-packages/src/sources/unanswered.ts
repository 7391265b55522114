/** The error of a place that answers, but gives no file. */
import { PocketError } from "@toolpocket/core";
import type { Download } from "./download.ts";

export interface UnansweredRequest {
  /** What was asked for. */
  readonly reference: string;
  readonly host: string;
  /** What the host is asked as. */
  readonly place: "index" | "distribution";
}

/** ERR_POCKET_SOURCE_UNREACHABLE, in the server's own words. */
export function unanswered(
  { status, reason }: Download & { found: false },
  { reference, host, place }: UnansweredRequest,
): PocketError {
  const isRefusal = status === 401 || status === 403;
  const isRetryable = status >= 500 || status === 429;
  return new PocketError("ERR_POCKET_SOURCE_UNREACHABLE", `${reference}: ${host} answers ${reason}`, {
    hint: isRefusal
      ? `give credentials: in the ${place}'s address, or in [registries."${host}"] of settings.toml`
      : isRetryable
        ? "try again later"
        : `check the address of the ${place}, and what the server says`,
    details: { reference, host, status, retryable: isRetryable },
  });
}
