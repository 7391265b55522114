/** `Response` as servers know it: all headers of the answer are there, `Set-Cookie` too, and a redirect can be read. */
import type { FetchAnswer } from "../../../protocol/host-calls.ts";

const NativeResponse = Response;
const NULL_BODY_STATUSES = new Set([101, 103, 204, 205, 304]);
/** What the browser's constructor takes; any other status is only told. */
const isNativeStatus = (status: number): boolean => status >= 200 && status <= 599;

/** Whether an answer has a body at all. */
export function hasBody(method: string, status: number): boolean {
  return method !== "HEAD" && !NULL_BODY_STATUSES.has(status);
}

/** A `Response` that was fetched. */
export class FetchedResponse extends NativeResponse {
  readonly #answer: FetchAnswer;
  readonly #headers: Headers;

  constructor(body: ReadableStream<Uint8Array<ArrayBuffer>> | null, answer: FetchAnswer) {
    // The type that a blob of it will have.
    const type = answer.headers.findLast(([name]) => name.toLowerCase() === "content-type");
    super(body, {
      status: isNativeStatus(answer.status) ? answer.status : 200,
      ...(type && { headers: { "content-type": type[1] } }),
    });
    this.#answer = answer;
    this.#headers = new Headers(answer.headers as [string, string][]);
  }

  override get status(): number {
    return this.#answer.status;
  }
  override get statusText(): string {
    return this.#answer.statusText;
  }
  override get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }
  override get url(): string {
    return this.#answer.url;
  }
  override get redirected(): boolean {
    return this.#answer.redirected;
  }
  override get type(): ResponseType {
    return "basic";
  }
  override get headers(): Headers {
    return this.#headers;
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    return this.#read((whole) => whole.arrayBuffer());
  }
  override blob(): Promise<Blob> {
    return this.#read((whole) => whole.blob());
  }
  override bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#read((whole) => whole.bytes());
  }
  override formData(): Promise<FormData> {
    return this.#read((whole) => whole.formData());
  }
  override json(): Promise<unknown> {
    return this.#read((whole) => whole.json());
  }
  override text(): Promise<string> {
    return this.#read((whole) => whole.text());
  }
  /** Reads the body here: the browser's own reading would put an error of its own in the place of the network's. */
  async #read<Value>(convert: (whole: Response) => Promise<Value>): Promise<Value> {
    if (this.bodyUsed || this.body?.locked) throw new TypeError("Body is unusable: Body has already been read");
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    for await (const chunk of this.body ?? []) chunks.push(chunk);
    const type = super.headers.get("content-type");
    return convert(new NativeResponse(new Blob(chunks), type === null ? {} : { headers: { "content-type": type } }));
  }

  override clone(): FetchedResponse {
    return new FetchedResponse(super.clone().body, this.#answer);
  }
}
Object.defineProperty(FetchedResponse, "name", { value: "Response" });
