/** The broker of one tool, and servers that answer it in every way: what the tests of the broker begin with. */
import type { RequestListener } from "node:http";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { createTool, type Internet, openInternet, type Tool, type ToolOptions } from "./test-internet.ts";

/** What `encoded` holds under the name of each encoding, and what `/encoded?encoding=NAME` answers. */
export const text = "the quick brown fox ".repeat(500);
export const encoded: Record<string, Buffer> = {
  gzip: gzipSync(text),
  deflate: deflateSync(text),
  "deflate-raw": deflateRawSync(text),
  br: brotliCompressSync(text),
  zstd: zstdCompressSync(text),
  "gzip, br": brotliCompressSync(gzipSync(text)),
};

const answer: RequestListener = (request, response) => {
  const url = new URL(request.url ?? "", "http://host");
  const redirect = url.searchParams.get("to");
  if (redirect !== null) {
    response.writeHead(Number(url.searchParams.get("status") ?? 302), { location: redirect }).end("moved");
  } else if (url.pathname === "/encoded") {
    const encoding = url.searchParams.get("encoding") ?? "";
    response.setHeader("content-encoding", encoding.replace("-raw", ""));
    response.end(encoded[encoding]);
  } else if (url.pathname === "/bomb") {
    response.setHeader("content-encoding", "gzip, gzip");
    response.end(gzipSync(gzipSync(Buffer.alloc(20_000_000))));
  } else if (url.pathname === "/endless") {
    const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1);
    response.on("close", () => clearInterval(timer));
  } else if (url.pathname === "/drip") {
    response.write("one");
  } else if (url.pathname === "/long") {
    response.setHeader("content-length", 10_000_000).write("x");
  } else if (url.pathname === "/headers") {
    response.setHeader("x-long", "x".repeat(Number(url.searchParams.get("bytes")))).end();
  } else if (url.pathname === "/cookies") {
    response.setHeader("set-cookie", ["a=1", "b=2"]).end(request.headers.cookie ?? "none");
  } else if (url.pathname === "/cut") {
    response.setHeader("content-length", 100).write("half");
    setTimeout(() => response.destroy(), 20);
  } else if (url.pathname !== "/silent") {
    response.setHeader("x-path", url.pathname).end(`hello from ${request.headers.host}`);
  }
};

export interface BrokerTests {
  /** Open while the tests of the file run; forgets what it has seen before each. */
  readonly internet: Internet;
  /** A tool that is granted a.example and b.example at the ports of this internet. */
  readonly tool: (options?: ToolOptions) => Tool;
  /** The header of the last request that arrived. */
  readonly seenHeader: (name: string) => string | undefined;
}

/** Opens servers for the file that calls it, and closes them and its tools after it. */
export function useBroker(): BrokerTests {
  let internet: Internet | undefined;
  let tools: Tool[] = [];
  const opened = (): Internet => {
    if (internet === undefined) throw new Error("the servers are open while tests run, not before");
    return internet;
  };
  beforeAll(async () => {
    internet = await openInternet(answer);
  });
  afterAll(async () => internet?.close());
  beforeEach(() => void (opened().seen as unknown[]).splice(0));
  afterEach(async () => {
    await Promise.all(tools.map((one) => one.close()));
    tools = [];
  });
  return {
    get internet() {
      return opened();
    },
    tool(options = {}) {
      const { http, https } = opened();
      const allow = ["a.example", "b.example"].flatMap((name) => [http(name), https(name)]);
      const made = createTool({ allow, ...options });
      tools.push(made);
      return made;
    },
    seenHeader(name) {
      const { rawHeaders = [] } = opened().seen.at(-1) ?? {};
      return rawHeaders[rawHeaders.findIndex((key, index) => index % 2 === 0 && key.toLowerCase() === name) + 1 || -1];
    },
  };
}
