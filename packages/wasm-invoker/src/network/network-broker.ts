/** The service `fetch`: a tool's only way to the network, on the host, with one run's grants, secrets and limits. */
import {
  type BoundSecret,
  type Denial,
  type HostAnswer,
  type HostCall,
  HostCallError,
  type HostService,
  isPublicAddress,
  type NetworkGrants,
  type RunEvent,
} from "@toolpocket/core";
import { createTurnstile } from "../turnstile.ts";
import { type ResolveHost, resolveWithSystem } from "./checked-addresses.ts";
import type { Connections } from "./connections.ts";
import { createDenialLog } from "./denial-log.ts";
import { exchange, type ExchangeContext, type Hop, type ServerAnswer } from "./exchange.ts";
import { createSecretMask } from "./mask-secrets.ts";
import { toNetworkFailure } from "./network-failure.ts";
import { type NetworkLimits, resolveNetworkLimits } from "./network-limits.ts";
import { readFetchRequest } from "./read-fetch-request.ts";
import { followRedirect, redirectLocation } from "./redirect.ts";
import { readRequestBody } from "./request-body.ts";
import { startRequestReport } from "./request-report.ts";
import type { ResponseBodyOptions } from "./response-body.ts";
import { toHostAnswer } from "./to-host-answer.ts";

export interface NetworkBrokerOptions {
  readonly grants: NetworkGrants;
  readonly secrets?: readonly BoundSecret[];
  /** The tool's own: see `createConnections`. */
  readonly connections: Connections;
  readonly limits?: NetworkLimits;
  /** Instead of the system's resolver. */
  readonly resolve?: ResolveHost;
  /** Which addresses need no grant as private; for tests whose internet is loopback. @defaultValue isPublicAddress */
  readonly isPublic?: (address: string) => boolean;
  onEvent?(event: RunEvent): void;
  /** Ends every request when the run ends. */
  readonly signal?: AbortSignal;
}

export interface NetworkBroker {
  readonly fetch: HostService;
  /** What was refused so far, in order, each once. */
  readonly denials: readonly Denial[];
}

/** What holds for one call and all its hops. */
interface Call {
  readonly signal: AbortSignal;
  /** Of whatever was thrown, what the guest may know: no cause goes along, which could hold a secret. */
  toFailure(error: unknown): HostCallError;
}

interface ReportedAnswer {
  readonly answer: ServerAnswer;
  readonly watch: Pick<ResponseBodyOptions, "onBegin" | "onReceived" | "onEnd" | "toFailure">;
}

/** Of a redirect's own body so much is read to keep the connection; a longer one is cut with it. */
const MAX_REDIRECT_BODY_BYTES = 65_536;

/** A broker for one run. Its errors and events hold no secret. */
export function createNetworkBroker(options: NetworkBrokerOptions): NetworkBroker {
  const { grants, connections, secrets = [], onEvent = () => undefined } = options;
  const limits = resolveNetworkLimits(options.limits);
  const mask = createSecretMask(secrets);
  const log = createDenialLog(mask, onEvent);
  const context: ExchangeContext = {
    grants,
    secrets,
    mask,
    connections,
    limits,
    log,
    resolve: options.resolve ?? resolveWithSystem,
    isPublic: options.isPublic ?? isPublicAddress,
  };
  const turnstile = createTurnstile(limits.maxConcurrentRequests, Number.POSITIVE_INFINITY);
  let requests = 0;

  /** Sends one hop; its report is finished here, or when its answer's body is over. */
  async function send(hop: Hop, { signal, toFailure }: Call): Promise<ReportedAnswer> {
    requests += 1;
    if (requests > limits.maxRequests) {
      throw new HostCallError("too_many", `the run has made its ${limits.maxRequests} requests`);
    }
    const report = startRequestReport(hop.request, { mask, onEvent });
    try {
      const answer = await exchange(hop, context, { signal, onSent: report.sent });
      const { status, body } = answer;
      // Whoever reads the body is told of its errors; where nobody does, they harm nobody.
      body.on("error", () => undefined);
      const finish = (failure?: HostCallError): void => report.finish(status, failure);
      const onUnread = (): void => finish(body.errored ? toFailure(body.errored) : undefined);
      body.once("close", onUnread);
      const onBegin = (): void => void body.off("close", onUnread);
      return { answer, watch: { onBegin, onReceived: report.received, onEnd: finish, toFailure } };
    } catch (error) {
      const failure = toFailure(error);
      // A denial is an event of its own.
      if (failure.code !== "denied") report.finish(undefined, failure);
      throw failure;
    }
  }

  async function follow(first: Hop, call: Call): Promise<ReportedAnswer & { hop: Hop; redirected: boolean }> {
    const { redirect } = first.request;
    let hop = first;
    for (let hops = 0; ; hops += 1) {
      const { answer, watch } = await send(hop, call);
      const location = redirect === "manual" ? undefined : redirectLocation(answer, mask);
      if (location === undefined) return { hop, answer, watch, redirected: hops > 0 };
      answer.body.dump({ limit: MAX_REDIRECT_BODY_BYTES }).catch(() => undefined);
      if (redirect === "error") throw new HostCallError("protocol", "the server redirects");
      if (hops === limits.maxRedirects) {
        throw new HostCallError("protocol", `the server redirects more than ${limits.maxRedirects} times`);
      }
      hop = followRedirect(hop, answer.status, { location, secrets });
    }
  }

  async function answerCall({ request, body }: HostCall, call: Call): Promise<HostAnswer> {
    const outgoing = readFetchRequest(request, limits.maxHeaderBytes);
    const turn = await turnstile.enter("", call.signal);
    try {
      const { maxRequestBytes: maxBytes } = limits;
      const { signal } = call;
      const sent = await readRequestBody(body, { maxBytes, length: outgoing.contentLength, signal });
      const { hop, answer, watch, redirected } = await follow({ request: outgoing, body: sent }, call);
      answer.body.once("close", () => turn?.leave());
      return toHostAnswer(answer, { ...watch, request: hop.request, redirected, mask, limits });
    } catch (error) {
      turn?.leave();
      throw error;
    }
  }

  async function fetch(call: HostCall): Promise<HostAnswer> {
    const clock = AbortSignal.timeout(limits.requestTimeoutMs);
    const signal = AbortSignal.any([call.signal, clock, ...(options.signal ? [options.signal] : [])]);
    const toFailure = (error: unknown): HostCallError => {
      const failure = toNetworkFailure(error, signal, limits.requestTimeoutMs);
      return new HostCallError(failure.code, mask.text(failure.message));
    };
    try {
      return await answerCall(call, { signal, toFailure });
    } catch (error) {
      throw toFailure(error);
    }
  }

  return { fetch, denials: log.denials };
}
