/** `node:readline`: lines of an input stream, as events, as an iteration and as answers to questions. */
import { abortError, createNodeError, refusingClass } from "../errors/node-error.ts";
import type { Exports, NodeRealm } from "../node-realm.ts";

export function createReadline(realm: NodeRealm): Exports {
  const { EventEmitter, on } = realm.builtin("events");
  const { StringDecoder } = realm.builtin("string_decoder");

  class Interface extends EventEmitter {
    readonly input: Exports;
    readonly output: Exports;
    readonly terminal = false;
    closed = false;
    line = "";
    #prompt: string;
    #decoder = new StringDecoder("utf8");
    #question: ((answer: string) => void) | undefined;
    #afterReturn = false;

    constructor(input: Exports, output?: Exports) {
      super();
      const options = typeof input?.read === "function" || typeof input?.on === "function" ? { input, output } : input;
      this.input = options.input;
      this.output = options.output;
      this.#prompt = options.prompt ?? "> ";
      this.input.on("error", (error: unknown) => this.emit("error", error));
      this.input.on("data", (chunk: Exports) =>
        this.#take(typeof chunk === "string" ? chunk : this.#decoder.write(chunk)),
      );
      this.input.on("end", () => this.#end());
      options.signal?.addEventListener("abort", () => this.close(), { once: true });
      this.input.resume();
    }
    #take(text: string): void {
      if (this.closed) return;
      // A line may end with both characters, one at the end of one chunk and one at the start of the next.
      const lines = (this.line + (this.#afterReturn ? text.replace(/^\n/u, "") : text)).split(/\r\n|\n|\r/u);
      this.#afterReturn = text.endsWith("\r");
      this.line = lines.pop() ?? "";
      for (const line of lines) this.#deliver(line);
    }
    #deliver(line: string): void {
      const question = this.#question;
      this.#question = undefined;
      if (question) question(line);
      else this.emit("line", line);
    }
    #end(): void {
      this.#take(this.#decoder.end());
      const { line } = this;
      this.line = "";
      // As in Node, what is no whole line answers no question.
      if (line !== "" && !this.closed) this.emit("line", line);
      this.close();
    }
    close(): void {
      if (this.closed) return;
      this.pause();
      this.closed = true;
      this.emit("close");
    }
    pause(): this {
      this.input.pause();
      this.emit("pause");
      return this;
    }
    resume(): this {
      this.input.resume();
      this.emit("resume");
      return this;
    }
    setPrompt(prompt: string): void {
      this.#prompt = prompt;
    }
    getPrompt(): string {
      return this.#prompt;
    }
    prompt(): void {
      this.output?.write(this.#prompt);
      this.resume();
    }
    write(text: string): void {
      this.#take(text);
    }
    question(query: string, options: Exports, callback: Exports = options): void {
      if (this.closed) throw createNodeError(Error, "ERR_USE_AFTER_CLOSE", "readline was closed");
      this.output?.write(query);
      this.#question = callback;
      this.resume();
    }
    [Symbol.asyncIterator](): AsyncIterableIterator<string> {
      const events = on(this, "line", { close: ["close"] });
      const iterator: Exports = {
        next: async () => {
          const { value, done } = await events.next();
          return done ? { value: undefined, done } : { value: value[0], done };
        },
        return: async () => {
          this.close();
          return events.return();
        },
        [Symbol.asyncIterator]: () => iterator,
      };
      return iterator;
    }
    [Symbol.dispose](): void {
      this.close();
    }
  }

  class PromisesInterface extends Interface {
    override question(query: string, options: Exports = {}): Exports {
      return new Promise((resolve, reject) => {
        options.signal?.addEventListener("abort", () => reject(abortError(options.signal)), { once: true });
        super.question(query, resolve);
      });
    }
  }

  const cursor = {
    clearLine: (stream: Exports, direction: number, callback?: () => void) =>
      writeCode(stream, `\u001B[${direction < 0 ? 1 : direction > 0 ? 0 : 2}K`, callback),
    clearScreenDown: (stream: Exports, callback?: () => void) => writeCode(stream, "\u001B[0J", callback),
    cursorTo: (stream: Exports, column: number, row?: number) =>
      writeCode(stream, typeof row === "number" ? `\u001B[${row + 1};${column + 1}H` : `\u001B[${column + 1}G`),
    moveCursor: (stream: Exports, columns: number) =>
      writeCode(stream, columns === 0 ? "" : `\u001B[${Math.abs(columns)}${columns > 0 ? "C" : "D"}`),
  };
  const { promisify } = realm.builtin("util");
  (Interface.prototype.question as Exports)[promisify.custom] = function (
    this: Exports,
    query: string,
  ): Promise<string> {
    return new Promise((resolve) => this.question(query, resolve));
  };
  return {
    Interface,
    createInterface: (input: Exports, output?: Exports) => new Interface(input, output),
    ...cursor,
    emitKeypressEvents: () => undefined,
    promises: {
      Interface: PromisesInterface,
      createInterface: (input: Exports, output?: Exports) => new PromisesInterface(input, output),
      Readline: refusingClass("Readline", "a terminal"),
    },
  };
}

function writeCode(stream: Exports, code: string, callback?: () => void): boolean {
  return stream?.write(code, callback) ?? true;
}
