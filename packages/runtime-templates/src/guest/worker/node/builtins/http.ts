/** `node:http` and `node:https` as clients, over `fetch`. A server cannot be had in a page. */
import { abortError, unavailable } from "../errors/node-error.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";
import { HTTP_METHODS, STATUS_TEXTS } from "./http-names.ts";

/** Headers that tell about the bytes on the wire, which `fetch` has already undone. */
const WIRE_HEADERS = new Set(["content-encoding", "content-length", "transfer-encoding"]);

export function createHttp(realm: NodeRealm, protocol: "http:" | "https:"): Exports {
  const { Readable, Writable } = realm.builtin("stream");
  const { EventEmitter } = realm.builtin("events");
  const { Buffer } = realm.builtin("buffer");

  class Agent extends EventEmitter {
    readonly protocol = protocol;
    readonly defaultPort = protocol === "https:" ? 443 : 80;
    readonly requests = {};
    readonly sockets = {};
    readonly freeSockets = {};
    readonly maxSockets = Infinity;
    readonly options: object;
    constructor(options: object = {}) {
      super();
      this.options = options;
    }
    destroy(): void {}
  }
  const globalAgent = new Agent();

  class IncomingMessage extends Readable {
    readonly httpVersion = "1.1";
    readonly httpVersionMajor = 1;
    readonly httpVersionMinor = 1;
    readonly headers: Record<string, string | string[]> = {};
    readonly rawHeaders: string[] = [];
    readonly trailers = {};
    readonly rawTrailers = [];
    complete = false;
    aborted = false;
    statusCode: number | undefined;
    statusMessage: string | undefined;
    url = "";
    socket: Exports;
    connection: Exports;
    constructor(socket?: Exports) {
      super();
      this.socket = this.connection = socket;
    }
    _read(): void {}
    setTimeout(): this {
      return this;
    }
  }

  class ClientRequest extends Writable {
    readonly method: string;
    readonly protocol: string;
    readonly host: string;
    readonly path: string;
    readonly agent: unknown;
    readonly socket: Exports;
    readonly connection: Exports;
    aborted = false;
    finished = false;
    headersSent = false;
    reusedSocket = false;
    timeoutCb: unknown;
    readonly #headers = new Map<string, { readonly name: string; readonly value: string | readonly string[] }>();
    readonly #url: string;
    readonly #chunks: Uint8Array[] = [];
    readonly #abort = new AbortController();
    #timer: Exports;

    constructor(url: Exports, options: Exports, callback?: Exports) {
      super({ autoDestroy: false });
      const given = toOptions(url, options);
      const secure = given.protocol ?? protocol;
      const host = given.hostname ?? given.host?.replace(/:\d+$/u, "") ?? "localhost";
      const port = given.port ? `:${given.port}` : "";
      this.method = String(given.method ?? "GET").toUpperCase();
      this.protocol = secure;
      this.host = host;
      this.path = given.path ?? "/";
      this.agent = given.agent ?? globalAgent;
      this.#url = `${secure}//${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}${port}${this.path}`;
      this.socket = this.connection = createSocket(EventEmitter, secure);
      for (const [name, value] of Object.entries(given.headers ?? {})) {
        if (value !== undefined) this.setHeader(name, value as string);
      }
      if (given.auth && !this.hasHeader("authorization")) {
        this.setHeader("Authorization", `Basic ${Buffer.from(given.auth).toString("base64")}`);
      }
      if (callback) this.once("response", callback);
      if (given.timeout) this.setTimeout(given.timeout);
      given.signal?.addEventListener("abort", () => this.destroy(abortError(given.signal)), { once: true });
      realm.process.nextTick(() => {
        this.emit("socket", this.socket);
        this.socket.emit("connect");
      });
    }
    setHeader(name: string, value: string | readonly string[]): this {
      this.#headers.set(name.toLowerCase(), { name, value: Array.isArray(value) ? value.map(String) : String(value) });
      return this;
    }
    getHeader(name: string): unknown {
      return this.#headers.get(name.toLowerCase())?.value;
    }
    hasHeader(name: string): boolean {
      return this.#headers.has(name.toLowerCase());
    }
    removeHeader(name: string): void {
      this.#headers.delete(name.toLowerCase());
    }
    getHeaders(): object {
      return Object.fromEntries(Array.from(this.#headers, ([name, { value }]) => [name, value]));
    }
    getHeaderNames(): string[] {
      return [...this.#headers.keys()];
    }
    getRawHeaderNames(): string[] {
      return Array.from(this.#headers.values(), ({ name }) => name);
    }
    flushHeaders(): void {}
    setNoDelay(): void {}
    setSocketKeepAlive(): void {}
    setTimeout(ms: number, callback?: Exports): this {
      const timers = realm.builtin("timers");
      timers.clearTimeout(this.#timer);
      if (callback) this.once("timeout", callback);
      if (ms > 0) this.#timer = timers.setTimeout(() => this.emit("timeout"), ms).unref();
      return this;
    }
    abort(): void {
      this.aborted = true;
      this.emit("abort");
      this.destroy();
    }
    _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
      this.#chunks.push(Uint8Array.from(chunk));
      done();
    }
    _final(done: () => void): void {
      this.finished = this.headersSent = true;
      done();
      void this.#send();
    }
    _destroy(error: unknown, done: (error: unknown) => void): void {
      realm.builtin("timers").clearTimeout(this.#timer);
      this.#abort.abort();
      const hangUp = (): Error => Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      done(error ?? (this.finished && this.#responded ? null : hangUp()));
    }
    #responded = false;

    async #send(): Promise<void> {
      const headers = new Headers();
      for (const { name, value } of this.#headers.values()) {
        for (const part of typeof value === "string" ? [value] : value) headers.append(name, part);
      }
      const hasBody = this.#chunks.length > 0 && this.method !== "GET" && this.method !== "HEAD";
      try {
        const response = await realm.fetch(this.#url, {
          method: this.method,
          headers,
          redirect: "manual",
          signal: this.#abort.signal,
          ...(hasBody && { body: Buffer.concat(this.#chunks) }),
        });
        await this.#receive(response);
      } catch (error) {
        const { cause } = error as Exports;
        if (!this.destroyed) this.destroy(cause ?? error);
      }
    }
    async #receive(response: Response): Promise<void> {
      realm.builtin("timers").clearTimeout(this.#timer);
      const message = new IncomingMessage(this.socket);
      message.statusCode = response.status;
      message.statusMessage = response.statusText || STATUS_TEXTS[response.status] || "";
      for (const [name, value] of response.headers) addHeader(message, name, value);
      this.#responded = true;
      Object.assign(message, { req: this });
      Object.assign(this, { res: message });
      if (!this.emit("response", message)) message.resume();
      message.once("close", () => this.emit("close"));
      const reader = response.body?.getReader();
      const readPart = async () => reader && realm.loop.holdFor(reader.read());
      for (let part = await readPart(); part && !part.done; part = await readPart())
        message.push(Buffer.from(part.value));
      message.complete = true;
      message.push(null);
    }
  }

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
    validateHeaderName: (name: string) => void new Headers([[name, ""]]),
    validateHeaderValue: (name: string, value: string) => void new Headers([[name, value]]),
  };
}

function toOptions(url: Exports, options: Exports): Exports {
  if (typeof url !== "string" && !(url instanceof URL)) return { ...url, ...options };
  const { protocol, hostname, port, pathname, search, username, password } = new URL(url);
  const auth = username ? { auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` } : {};
  return { protocol, hostname, port, path: pathname + search, ...auth, ...options };
}

function createSocket(EventEmitter: Exports, protocol: string): Exports {
  const socket = new EventEmitter();
  const self = (): Exports => socket;
  return Object.assign(socket, {
    encrypted: protocol === "https:",
    authorized: true,
    remoteAddress: undefined,
    destroyed: false,
    writable: true,
    setKeepAlive: self,
    setNoDelay: self,
    setTimeout: self,
    ref: self,
    unref: self,
    destroy: self,
    end: self,
  });
}

function addHeader(message: Exports, name: string, value: string): void {
  if (WIRE_HEADERS.has(name)) return;
  message.rawHeaders.push(name, value);
  if (name === "set-cookie") (message.headers[name] ??= []).push(value);
  else message.headers[name] = value;
}
