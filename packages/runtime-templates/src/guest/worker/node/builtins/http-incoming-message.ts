/** `http.IncomingMessage`: an answer as a stream, read from the host no faster than the program reads it. */
import type { FetchAnswer } from "../../../../protocol/host-calls.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";
import { joinHeaders } from "./http-headers.ts";
import { STATUS_TEXTS } from "./http-names.ts";

/** @returns the class; its instances get their answer by `receive()` */
export function createIncomingMessage(realm: NodeRealm): Exports {
  const { Readable } = realm.builtin("stream");
  const { Buffer } = realm.builtin("buffer");

  class IncomingMessage extends Readable {
    readonly httpVersion = "1.1";
    readonly httpVersionMajor = 1;
    readonly httpVersionMinor = 1;
    headers: Record<string, string | string[]> = {};
    headersDistinct: Record<string, string[]> = {};
    rawHeaders: string[] = [];
    readonly trailers = {};
    readonly trailersDistinct = {};
    readonly rawTrailers = [];
    complete = false;
    aborted = false;
    statusCode: number | undefined;
    statusMessage: string | undefined;
    url = "";
    socket: Exports;
    connection: Exports;
    #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    #toError: (failure: unknown) => unknown = (failure) => failure;

    constructor(socket?: Exports) {
      super();
      this.socket = this.connection = socket;
    }
    receive(
      answer: FetchAnswer,
      body: ReadableStream<Uint8Array> | undefined,
      toError: (failure: unknown) => unknown,
    ): void {
      this.statusCode = answer.status;
      this.statusMessage = answer.statusText || STATUS_TEXTS[answer.status] || "";
      this.rawHeaders = answer.headers.flatMap(([name, value]) => [name, value]);
      this.headers = joinHeaders(answer.headers);
      for (const [name, value] of answer.headers) (this.headersDistinct[name.toLowerCase()] ??= []).push(value);
      this.#reader = body?.getReader();
      this.#toError = toError;
    }
    _read(): void {
      if (!this.#reader) return this.#end();
      this.#reader.read().then(
        ({ value, done }) => (done ? this.#end() : this.push(Buffer.from(value))),
        (error: unknown) => this.destroy(this.#toError(error)),
      );
    }
    #end(): void {
      this.complete = true;
      this.push(null);
    }
    _destroy(error: unknown, done: (error: unknown) => void): void {
      if (!this.complete) {
        this.aborted = true;
        void this.#giveUp();
        this.emit("aborted");
      }
      // As in Node: a message that nobody listens to fails in silence, for example that of a redirect.
      realm.process.nextTick(() => done(this.listenerCount("error") === 0 ? null : error));
    }
    async #giveUp(): Promise<void> {
      try {
        await this.#reader?.cancel();
      } catch {
        // It has failed already, and its reader was told.
      }
    }
    setTimeout(): this {
      return this;
    }
  }
  return IncomingMessage;
}
