/** `Request` as servers know it: the browser's own, without the headers that a browser would not let a page set. */

const NativeRequest = Request;
type RequestInput = RequestInfo | URL;
/** What Node accepts as a body beside what a browser does: anything that gives chunks one by one. */
export type ServerRequestInit = Omit<RequestInit, "body"> & {
  body?: BodyInit | AsyncIterable<Uint8Array> | null | undefined;
  duplex?: "half";
};

/** A `Request` that keeps `Cookie`, `User-Agent` and whatever else it is given: nobody's cookies are in here. */
export class ServerRequest extends NativeRequest {
  readonly #headers: Headers;
  /** Whether its body comes bit by bit, its length unknown. */
  readonly streamsBody: boolean;

  constructor(input: RequestInput, init: ServerRequestInit = {}) {
    const given = input instanceof NativeRequest ? input : undefined;
    const body = toNativeBody(init.body);
    super(input instanceof NativeRequest ? input : checkUrl(input), {
      ...init,
      ...(body !== undefined && { body }),
      ...(body instanceof ReadableStream && { duplex: "half" }),
    } as RequestInit);
    this.streamsBody =
      body === undefined || body === null
        ? given instanceof ServerRequest && given.streamsBody
        : body instanceof ReadableStream;
    this.#headers = new Headers(init.headers ?? given?.headers);
    // What the browser knows of the body, above all the boundary of a form.
    const type = super.headers.get("content-type");
    if (type !== null && !this.#headers.has("content-type")) this.#headers.set("content-type", type);
  }

  override get headers(): Headers {
    return this.#headers;
  }

  override clone(): ServerRequest {
    return new ServerRequest(super.clone(), { headers: this.#headers });
  }
}
Object.defineProperty(ServerRequest, "name", { value: "Request" });

function checkUrl(input: Exclude<RequestInput, Request>): string {
  try {
    return new URL(String(input)).href;
  } catch (cause) {
    throw new TypeError(`Failed to parse URL from ${String(input)}`, { cause });
  }
}

function toNativeBody(body: ServerRequestInit["body"]): BodyInit | null | undefined {
  if (typeof body !== "object" || body === null || !(Symbol.asyncIterator in body)) return body;
  if (body instanceof ReadableStream || body instanceof Blob) return body;
  const iterator = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(typeof value === "string" ? new TextEncoder().encode(value) : value);
    },
    cancel: async () => void (await iterator.return?.()),
  });
}
