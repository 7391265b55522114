/** Reads what a page sends: untrusted, so every field is checked before the host uses it. */
import {
  decodeFrame,
  type FromPage,
  GUEST_FAILURE_CODES,
  type GuestMeasures,
  readGuestCall,
  readStorageChanges,
} from "@toolpocket/runtime-templates";

export interface PageMessage {
  readonly message: FromPage;
  readonly parts: readonly Uint8Array[];
}

/** The longest message text that is passed on. */
const MAX_TEXT_CHARACTERS = 4_000;

/** Undefined where the frame is malformed: the page has been taken over, and the sandbox with it. */
export function readPageMessage(bytes: Uint8Array): PageMessage | undefined {
  try {
    const { message, parts } = decodeFrame(bytes);
    const checked = readHostCall(message, parts) ?? readChanges(message, parts) ?? checkMessage(message, parts.length);
    return checked && { message: checked, parts };
  } catch {
    return undefined;
  }
}

function readHostCall(message: unknown, parts: readonly Uint8Array[]): FromPage | undefined {
  if (typeof message !== "object" || message === null || parts.length > 1) return undefined;
  const { type, id, message: call } = message as Record<string, unknown>;
  if (type !== "host-call" || typeof id !== "string") return undefined;
  const checked = readGuestCall(call, parts[0]?.length);
  return checked && { type, id, message: checked };
}

function readChanges(message: unknown, parts: readonly Uint8Array[]): FromPage | undefined {
  const [contents] = parts;
  if (typeof message !== "object" || message === null || parts.length !== 1 || !contents) return undefined;
  const { type, id, changes } = message as Record<string, unknown>;
  if (type !== "changes" || typeof id !== "string") return undefined;
  const checked = readStorageChanges(changes, contents.length);
  return checked && { type, id, changes: checked };
}

function checkMessage(message: unknown, parts: number): FromPage | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const { type, id, exitCode, hasValue, waited, code, message: text, ...others } = message as Record<string, unknown>;
  if (type === "booted") return { type };
  if (type === "snapshot" && parts === 1) return { type };
  if (type === "boot-failed" && typeof text === "string") return { type, message: text.slice(0, MAX_TEXT_CHARACTERS) };
  if (typeof id !== "string") return undefined;
  if (type === "stopped" || type === "started") return { type, id };
  if (type === "output" && parts === 2) return { type, id };
  if (typeof waited !== "boolean") return undefined;
  if (type === "exited" && isExitCode(exitCode) && typeof hasValue === "boolean" && parts === (hasValue ? 3 : 2)) {
    return { type, id, exitCode, hasValue, waited, ...readMeasures(others) };
  }
  const failureCode = GUEST_FAILURE_CODES.find((known) => known === code);
  if (type === "failed" && failureCode && typeof text === "string" && parts === 2) {
    const shown = text.slice(0, MAX_TEXT_CHARACTERS);
    return { type, id, code: failureCode, message: shown, waited, ...readMeasures(others) };
  }
  return undefined;
}

function isExitCode(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 255;
}

function readMeasures({ peakMemoryBytes, fuel }: Record<string, unknown>): GuestMeasures {
  return { ...(isCount(peakMemoryBytes) && { peakMemoryBytes }), ...(isCount(fuel) && { fuel }) };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
