/** Reads a guest's message of a host call: untrusted in the page, and untrusted again on the host. */
import { type GuestCallMessage, INITIAL_CREDIT_BYTES, MAX_CHUNK_BYTES, MAX_REQUEST_CHARACTERS } from "./host-calls.ts";

const MAX_SERVICE_CHARACTERS = 64;

/** Undefined where the message is none of the protocol's. `chunkBytes` is the length of the chunk that came with it. */
export function readGuestCall(message: unknown, chunkBytes?: number): GuestCallMessage | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const { type, call, service, request, hasBody, isLast, bytes } = message as Record<string, unknown>;
  if (!isCount(call)) return undefined;
  if (type === "call-data") {
    if (typeof isLast !== "boolean" || chunkBytes === undefined || chunkBytes > MAX_CHUNK_BYTES) return undefined;
    return chunkBytes > 0 || isLast ? { type, call, isLast } : undefined;
  }
  if (chunkBytes !== undefined) return undefined;
  if (type === "call-cancel") return { type, call };
  if (type === "call-credit")
    return isCount(bytes) && bytes <= INITIAL_CREDIT_BYTES ? { type, call, bytes } : undefined;
  if (type !== "call" || typeof hasBody !== "boolean") return undefined;
  if (typeof service !== "string" || service.length > MAX_SERVICE_CHARACTERS) return undefined;
  if (typeof request !== "string" || request.length > MAX_REQUEST_CHARACTERS) return undefined;
  return { type, call, service, request, hasBody };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
