/** `node:http` and `node:https` as clients, through the host's network. A server cannot be had in a page. */
import { unavailable } from "../errors/node-error.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";
import { createClientRequest } from "./http-client-request.ts";
import { createIncomingMessage } from "./http-incoming-message.ts";
import { checkHeaderName, checkHeaderValue } from "./http-headers.ts";
import { HTTP_METHODS, STATUS_TEXTS } from "./http-names.ts";

export function createHttp(realm: NodeRealm, protocol: "http:" | "https:"): Exports {
  const { Writable } = realm.builtin("stream");
  const { EventEmitter } = realm.builtin("events");

  /** Connections are the host's: an agent only says what it was told. */
  class Agent extends EventEmitter {
    readonly protocol = protocol;
    readonly defaultPort = protocol === "https:" ? 443 : 80;
    readonly requests = {};
    readonly sockets = {};
    readonly freeSockets = {};
    readonly maxSockets = Infinity;
    readonly maxFreeSockets = 256;
    readonly maxTotalSockets = Infinity;
    readonly options: object;
    constructor(options: object = {}) {
      super();
      this.options = options;
    }
    destroy(): void {}
  }
  const globalAgent = new Agent();
  const IncomingMessage = createIncomingMessage(realm);
  const ClientRequest = createClientRequest(realm, { protocol, globalAgent, IncomingMessage });

  const request = (url: Exports, options?: Exports, callback?: Exports): Exports =>
    typeof options === "function"
      ? new ClientRequest(url, {}, options)
      : new ClientRequest(url, options ?? {}, callback);
  const refuseServer = function (): never {
    throw unavailable(`${protocol}// servers`);
  };
  return {
    Agent,
    ClientRequest,
    IncomingMessage,
    OutgoingMessage: Writable,
    Server: refuseServer,
    ServerResponse: class ServerResponse extends Writable {},
    METHODS: HTTP_METHODS,
    STATUS_CODES: STATUS_TEXTS,
    createServer: refuseServer,
    globalAgent,
    maxHeaderSize: 16_384,
    request,
    get(url: Exports, options?: Exports, callback?: Exports): Exports {
      const created = request(url, options, callback);
      created.end();
      return created;
    },
    setMaxIdleHTTPParsers: () => undefined,
    validateHeaderName: checkHeaderName,
    validateHeaderValue: checkHeaderValue,
  };
}
