/** Gives each run its broker, and keeps each tool's connections from one run to the next. */
import type { HostService, NetworkGrants, RunnableTool, RunRequest, RunResult } from "@toolpocket/core";
import { type Connections, createConnections } from "./connections.ts";
import { createNetworkBroker, type NetworkBrokerOptions } from "./network-broker.ts";
import type { NetworkLimits } from "./network-limits.ts";

/** What stands for the internet; for tests, whose internet is loopback. */
export interface NetworkEnvironment extends Pick<NetworkBrokerOptions, "resolve" | "isPublic"> {
  /** Certificates to trust instead of node's own, in PEM. */
  readonly ca?: string;
}

export interface RunNetwork {
  readonly services: Readonly<Record<string, HostService>>;
  /** `result` with what was refused on the way. */
  finish(result: RunResult): RunResult;
  /** Ends what is still under way. */
  close(): void;
}

export interface ToolNetworks {
  open(tool: RunnableTool, request: RunRequest): RunNetwork;
  /** Breaks the connections of a tool that will not run again. */
  forget(tool: RunnableTool): Promise<void>;
  close(): Promise<void>;
}

const NO_GRANTS: NetworkGrants = { allow: [], deny: [] };

export function createToolNetworks({ ca, ...environment }: NetworkEnvironment, limits: NetworkLimits): ToolNetworks {
  const connections = new Map<string, Connections>();

  function connectionsOf({ id }: RunnableTool): Connections {
    const kept = connections.get(id) ?? createConnections(ca === undefined ? {} : { ca });
    connections.set(id, kept);
    return kept;
  }

  return {
    open(tool, request) {
      const end = new AbortController();
      const broker = createNetworkBroker({
        ...environment,
        limits,
        grants: tool.grants?.network ?? NO_GRANTS,
        secrets: request.secrets ?? [],
        connections: connectionsOf(tool),
        signal: end.signal,
        onEvent: (event) => request.onEvent?.(event),
      });
      return {
        // A service that the caller gives by the same name stands in for the broker.
        services: { fetch: broker.fetch, ...request.services },
        finish(result) {
          const denials = [...broker.denials, ...(result.denials ?? [])];
          return denials.length === 0 ? result : { ...result, denials };
        },
        close: () => end.abort(),
      };
    },
    async forget({ id }) {
      const kept = connections.get(id);
      connections.delete(id);
      await kept?.close();
    },
    async close() {
      await Promise.all([...connections.values()].map((kept) => kept.close()));
    },
  };
}
