/** What one run may ask of the network: every bound, and its default. */

/** Body of one request, in bytes. */
export const DEFAULT_MAX_REQUEST_BYTES = 33_554_432;
/** Body of one answer, in bytes: as it comes, and again after its Content-Encoding is undone. */
export const DEFAULT_MAX_RESPONSE_BYTES = 67_108_864;
/** Headers of one request with its URL, and headers of one answer, in bytes. */
export const DEFAULT_MAX_HEADER_BYTES = 65_536;
/** From a request's start to the last byte of its answer, redirects included, in milliseconds. */
export const DEFAULT_REQUEST_TIMEOUT_MS = 60_000;
/** Requests of one run; each redirect that is followed counts. */
export const DEFAULT_MAX_REQUESTS = 1_000;
/** Requests of one run under way at once; the others wait. */
export const DEFAULT_MAX_CONCURRENT_REQUESTS = 16;
/** Redirects that one request follows. */
export const DEFAULT_MAX_REDIRECTS = 10;

export interface NetworkLimits {
  /** @defaultValue 33_554_432 */
  readonly maxRequestBytes?: number;
  /** @defaultValue 67_108_864 */
  readonly maxResponseBytes?: number;
  /** @defaultValue 65_536 */
  readonly maxHeaderBytes?: number;
  /** @defaultValue 60_000 */
  readonly requestTimeoutMs?: number;
  /** @defaultValue 1_000 */
  readonly maxRequests?: number;
  /** @defaultValue 16 */
  readonly maxConcurrentRequests?: number;
  /** @defaultValue 10 */
  readonly maxRedirects?: number;
}

export type ResolvedNetworkLimits = Required<NetworkLimits>;

export function resolveNetworkLimits(limits: NetworkLimits = {}): ResolvedNetworkLimits {
  return {
    maxRequestBytes: limits.maxRequestBytes ?? DEFAULT_MAX_REQUEST_BYTES,
    maxResponseBytes: limits.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
    maxHeaderBytes: limits.maxHeaderBytes ?? DEFAULT_MAX_HEADER_BYTES,
    requestTimeoutMs: limits.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS,
    maxRequests: limits.maxRequests ?? DEFAULT_MAX_REQUESTS,
    maxConcurrentRequests: limits.maxConcurrentRequests ?? DEFAULT_MAX_CONCURRENT_REQUESTS,
    maxRedirects: limits.maxRedirects ?? DEFAULT_MAX_REDIRECTS,
  };
}
