/** Keeps what a run tried and was refused, each once, in order. */
import type { Denial, NetworkRequest, RunEvent } from "@toolpocket/core";
import { HostCallError } from "@toolpocket/core";
import type { SecretMask } from "./mask-secrets.ts";

/** A guest may try endlessly; what it tried first tells enough. */
const MAX_DENIALS = 100;
const MAX_SUBJECT_LENGTH = 300;

export interface DenialLog {
  readonly denials: readonly Denial[];
  /** Records the refusal; returns the error for the guest. */
  deny(request: NetworkRequest, why: Pick<Denial, "kind" | "message" | "grant">): HostCallError;
}

export function createDenialLog(mask: SecretMask, onEvent: (event: RunEvent) => void): DenialLog {
  const denials = new Map<string, Denial>();
  const kept: Denial[] = [];
  return {
    denials: kept,
    deny(request, why) {
      const subject = `${request.method} ${describeUrl(request.url, mask)}`;
      const denial: Denial = { ...why, subject };
      const key = [why.kind, subject, why.message].join("\n");
      if (!denials.has(key) && kept.length < MAX_DENIALS) {
        denials.set(key, denial);
        kept.push(denial);
        onEvent({ type: "denial", ...denial });
      }
      return new HostCallError("denied", why.message);
    },
  };
}

/** scheme://host:port and path, without query, secrets masked, cut where a guest made it endless. */
export function describeUrl(url: URL, mask: SecretMask): string {
  const text = mask.text(`${url.protocol}//${url.host}${url.pathname}`);
  return text.length <= MAX_SUBJECT_LENGTH ? text : `${text.slice(0, MAX_SUBJECT_LENGTH)}…`;
}
