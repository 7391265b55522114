/** `http.ClientRequest`: a request as a stream, whose body is sent while it is written. */
import type { FetchAnswer, FetchRequest } from "../../../../protocol/host-calls.ts";
import { toNetworkError } from "../../fetch/network-error.ts";
import { hasBody } from "../../fetch/response-class.ts";
import { abortError } from "../errors/node-error.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";
import { createHeaderFields } from "./http-headers.ts";
import { readRequestOptions, readTarget, type RequestTarget } from "./http-options.ts";

export interface ClientRequestParts {
  readonly protocol: "http:" | "https:";
  readonly globalAgent: Exports;
  readonly IncomingMessage: Exports;
}

/** Methods whose requests have no body, unless one is written. */
const BODILESS_METHODS = new Set(["GET", "HEAD", "DELETE", "OPTIONS"]);

export function createClientRequest(realm: NodeRealm, parts: ClientRequestParts): Exports {
  const { Writable } = realm.builtin("stream");
  const { Buffer } = realm.builtin("buffer");
  const timers = realm.builtin("timers");

  return class ClientRequest extends Writable {
    readonly method: string;
    readonly protocol: string;
    readonly host: string;
    readonly path: string;
    readonly agent: unknown;
    readonly socket: Exports;
    readonly connection: Exports;
    readonly maxHeadersCount = null;
    aborted = false;
    finished = false;
    headersSent = false;
    reusedSocket = false;
    res: Exports = null;
    timeoutCb: unknown;
    readonly #fields = createHeaderFields();
    readonly #target: RequestTarget;
    readonly #abort = new AbortController();
    /** What is written before it is known whether more will come. */
    readonly #early: Uint8Array[] = [];
    /** Where chunks go once the request is under way. */
    #body: ReadableStreamDefaultController<Uint8Array> | undefined;
    /** Lets the program write on, and no longer keeps it alive. */
    #onDrain: (() => void) | undefined;
    #timer: Exports;

    constructor(url: Exports, options: Exports, callback?: Exports) {
      super({ autoDestroy: false });
      const given = readRequestOptions(url, options);
      this.#target = readTarget(given, parts.protocol);
      this.method = String(given.method ?? "GET").toUpperCase();
      this.protocol = this.#target.protocol;
      this.host = this.#target.host;
      this.path = this.#target.path;
      this.agent = given.agent ?? parts.globalAgent;
      this.socket = this.connection = createSocket(realm, this.protocol);
      for (const [name, value] of listHeaders(given.headers)) if (value !== undefined) this.setHeader(name, value);
      if (given.auth && !this.hasHeader("authorization")) {
        this.setHeader("Authorization", `Basic ${Buffer.from(given.auth).toString("base64")}`);
      }
      if (callback) this.once("response", callback);
      if (given.timeout) this.setTimeout(given.timeout);
      this.#obey(given.signal);
      realm.process.nextTick(() => {
        if (this.destroyed) return;
        this.emit("socket", this.socket);
        this.socket.emit("connect");
        if (this.protocol === "https:") this.socket.emit("secureConnect");
      });
    }

    setHeader(name: string, value: unknown): this {
      this.#fields.set(name, value);
      return this;
    }
    appendHeader(name: string, value: string | readonly string[]): this {
      return this.setHeader(name, [this.getHeader(name) ?? [], value].flat());
    }
    setHeaders(headers: Iterable<readonly [string, unknown]>): this {
      for (const [name, value] of headers) this.setHeader(name, value);
      return this;
    }
    getHeader(name: string): unknown {
      return this.#fields.get(name);
    }
    hasHeader(name: string): boolean {
      return this.#fields.has(name);
    }
    removeHeader(name: string): void {
      this.#fields.remove(name);
    }
    getHeaders(): object {
      return this.#fields.toObject();
    }
    getHeaderNames(): string[] {
      return this.#fields.names();
    }
    getRawHeaderNames(): string[] {
      return this.#fields.rawNames();
    }
    flushHeaders(): void {
      if (!BODILESS_METHODS.has(this.method) && !this.headersSent) this.#sendStreaming();
    }
    setNoDelay(): void {}
    setSocketKeepAlive(): void {}
    setTimeout(ms: number, callback?: Exports): this {
      timers.clearTimeout(this.#timer);
      if (callback) this.once("timeout", callback);
      if (ms > 0) {
        this.#timer = timers
          .setTimeout(() => {
            this.socket.emit("timeout");
            this.emit("timeout");
          }, ms)
          .unref();
      }
      return this;
    }
    abort(): void {
      if (this.aborted) return;
      this.aborted = true;
      realm.process.nextTick(() => this.emit("abort"));
      this.destroy();
    }

    _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
      // A copy: who writes may use the memory again.
      const bytes = Uint8Array.from(chunk);
      if (this.#body) {
        const release = realm.loop.hold();
        this.#onDrain = () => {
          this.#onDrain = undefined;
          realm.loop.addTask(done);
          release();
        };
        return this.#body.enqueue(bytes);
      }
      this.#early.push(bytes);
      // What ends in this same turn has a length that can be told; what goes on is sent while it comes.
      realm.process.nextTick(() => {
        if (!this.writableEnded && !this.headersSent && !this.destroyed) this.#sendStreaming();
      });
      done();
    }
    _final(done: () => void): void {
      this.finished = true;
      done();
      if (this.#body) return this.#body.close();
      if (this.headersSent || this.destroyed) return;
      const body = Buffer.concat(this.#early) as Uint8Array;
      const told = body.length > 0 || !BODILESS_METHODS.has(this.method);
      if (told && !this.hasHeader("content-length")) this.setHeader("Content-Length", body.length);
      void this.#send(body.length > 0 ? new Uint8Array(body) : undefined);
    }
    _destroy(error: unknown, done: (error: unknown) => void): void {
      timers.clearTimeout(this.#timer);
      this.#abort.abort();
      this.#onDrain?.();
      const hangUp = (): Error => Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      if (this.res && !this.res.complete) this.res.destroy(error ?? Object.assign(new Error("aborted"), ABORTED));
      this.socket.destroyed = true;
      done(error ?? (this.res ? null : hangUp()));
      realm.process.nextTick(() => this.socket.emit("close", Boolean(error)));
    }

    #obey(signal: AbortSignal | undefined): void {
      if (!signal) return;
      const onAbort = (): void => this.destroy(abortError(signal));
      if (signal.aborted) realm.process.nextTick(onAbort);
      else signal.addEventListener("abort", onAbort, { once: true });
    }
    #sendStreaming(): void {
      const body = new ReadableStream<Uint8Array>(
        {
          start: (controller) => {
            this.#body = controller;
            for (const chunk of this.#early) controller.enqueue(chunk);
          },
          pull: () => this.#onDrain?.(),
        },
        { highWaterMark: 1 },
      );
      void this.#send(body);
    }
    async #send(body: ReadableStream<Uint8Array> | Uint8Array | undefined): Promise<void> {
      this.headersSent = true;
      const asked: FetchRequest = {
        method: this.method,
        url: this.#target.url.href,
        headers: this.#fields.toEntries(),
        redirect: "manual",
        decompress: false,
      };
      const toError = (failure: unknown): unknown => toNetworkError(failure, this.#target.url);
      try {
        const reply = await realm.callHost("fetch", asked, { body, signal: this.#abort.signal });
        realm.loop.addTask(() => this.#receive(reply.answer as FetchAnswer, reply.body, toError));
      } catch (error) {
        realm.loop.addTask(() => this.destroyed || this.destroy(toError(error)));
      }
    }
    #receive(answer: FetchAnswer, body: ReadableStream<Uint8Array>, toError: (failure: unknown) => unknown): void {
      if (this.destroyed) return void body.cancel();
      timers.clearTimeout(this.#timer);
      const message = new parts.IncomingMessage(this.socket);
      message.receive(answer, hasBody(this.method, answer.status) ? body : undefined, toError);
      message.req = this;
      this.res = message;
      message.once("close", () => {
        this.destroyed = true;
        this.emit("close");
      });
      if (!this.emit("response", message)) message.resume();
    }
  };
}

const ABORTED = { code: "ECONNRESET" };

/** Headers as an object, or as the flat list that Node takes too. */
function listHeaders(headers: Exports): [string, unknown][] {
  if (!Array.isArray(headers)) return Object.entries(headers ?? {});
  if (Array.isArray(headers[0])) return headers;
  return headers.flatMap((name: string, index: number) => (index % 2 === 0 ? [[name, headers[index + 1]]] : []));
}

/** What programs look at and set on a socket; the connection itself is the host's. */
function createSocket(realm: NodeRealm, protocol: string): Exports {
  const { EventEmitter } = realm.builtin("events");
  const socket = new EventEmitter();
  const self = (): Exports => socket;
  return Object.assign(socket, {
    encrypted: protocol === "https:",
    authorized: true,
    connecting: false,
    remoteAddress: undefined,
    destroyed: false,
    writable: true,
    readable: true,
    setKeepAlive: self,
    setNoDelay: self,
    setTimeout: self,
    ref: self,
    unref: self,
    destroy: self,
    end: self,
    getPeerCertificate: () => ({}),
  });
}
