/** Says in a guest's words why a request got no answer. */
import { HostCallError } from "@toolpocket/core";

/** Codes of node and undici, and what the guest is told. */
const FAILURES: Readonly<Record<string, readonly [code: string, message: string]>> = {
  ECONNREFUSED: ["unreachable", "the connection was refused"],
  ECONNRESET: ["unreachable", "the connection was reset"],
  EPIPE: ["unreachable", "the connection was closed"],
  EHOSTUNREACH: ["unreachable", "the host is not reachable"],
  ENETUNREACH: ["unreachable", "the network is not reachable"],
  ETIMEDOUT: ["timeout", "the connection took too long"],
  UND_ERR_CONNECT_TIMEOUT: ["timeout", "the connection took too long"],
  UND_ERR_ABORTED: ["cancelled", "the request was given up"],
  UND_ERR_SOCKET: ["unreachable", "the connection was closed"],
  UND_ERR_HEADERS_OVERFLOW: ["too_large", "the answer's headers are too large"],
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: ["protocol", "the body is not as long as the Content-Length header says"],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ["protocol", "the answer is not as long as its Content-Length header says"],
  CERT_HAS_EXPIRED: ["tls", "the server's certificate has expired"],
  ERR_TLS_CERT_ALTNAME_INVALID: ["tls", "the server's certificate is for another name"],
};

/** `error` as the guest may see it; `signal` is the request's, whose reason says more than what it broke. */
export function toNetworkFailure(error: unknown, signal: AbortSignal, timeoutMs: number): HostCallError {
  if (error instanceof HostCallError) return error;
  if (signal.aborted) {
    if (signal.reason instanceof HostCallError) return signal.reason;
    const isLate = signal.reason instanceof Error && signal.reason.name === "TimeoutError";
    if (isLate)
      return new HostCallError("timeout", `there was no whole answer within ${timeoutMs} ms`, { cause: error });
    return new HostCallError("cancelled", "the request was given up", { cause: error });
  }
  const codes = codesOf(error);
  const known = codes.map((code) => FAILURES[code]).find((failure) => failure !== undefined);
  if (known !== undefined) return new HostCallError(known[0], known[1], { cause: error });
  if (codes.some((code) => /CERT|SSL|TLS/u.test(code))) {
    return new HostCallError("tls", "the server's certificate or TLS is not accepted", { cause: error });
  }
  if (codes.some((code) => code.startsWith("HPE_"))) {
    return new HostCallError("protocol", "the answer is not valid HTTP", { cause: error });
  }
  return new HostCallError("protocol", "the request failed", { cause: error });
}

/** Of the error, and of those that it gathers: one for each address that was tried. */
function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const own = "code" in error && typeof error.code === "string" ? [error.code] : [];
  return error instanceof AggregateError ? [...own, ...error.errors.flatMap(codesOf)] : own;
}
