/** The network broker by itself, for those who serve guests of their own, and for the benchmark. */
export { type Connections, type ConnectionsOptions, createConnections } from "./connections.ts";
export { createNetworkBroker, type NetworkBroker, type NetworkBrokerOptions } from "./network-broker.ts";
export {
  DEFAULT_MAX_CONCURRENT_REQUESTS,
  DEFAULT_MAX_HEADER_BYTES,
  DEFAULT_MAX_REDIRECTS,
  DEFAULT_MAX_REQUEST_BYTES,
  DEFAULT_MAX_REQUESTS,
  DEFAULT_MAX_RESPONSE_BYTES,
  DEFAULT_REQUEST_TIMEOUT_MS,
  type NetworkLimits,
} from "./network-limits.ts";
