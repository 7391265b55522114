/** A Python index on loopback, serving wheels that a test made: as HTML or JSON, with a log of requests. */
import { createServer, type Server, type ServerResponse } from "node:http";
import type { MadeWheel } from "./python-wheel.ts";

export interface PublishedWheel extends MadeWheel {
  readonly requiresPython?: string;
  readonly yanked?: string;
  /** Whether METADATA is served beside it. @defaultValue false */
  readonly servesMetadata?: boolean;
  /** In the place of the digest that the page states. */
  readonly statedSha256?: string;
}

export interface PythonIndexServer {
  /** Of the simple pages, with a slash at its end. */
  readonly url: string;
  /** Paths that were asked for. */
  readonly requests: readonly string[];
  /** Adds wheels to the pages of their packages. */
  publish(...wheels: readonly PublishedWheel[]): void;
  /** Adds a file that is no wheel to the page of a package. */
  publishSource(name: string, fileName: string): void;
  /** Answers in the place of the server; what gives false leaves the request to it. */
  setFault(fault: ((path: string, response: ServerResponse) => boolean) | undefined): void;
  forgetRequests(): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface PythonIndexServerOptions {
  /** @defaultValue "json" */
  readonly format?: "json" | "html";
  /** The value of the `Authorization` header that everything needs. */
  readonly authorization?: string;
}

type ListedFile = { readonly fileName: string; readonly wheel?: PublishedWheel };

export async function startPythonIndex(options: PythonIndexServerOptions = {}): Promise<PythonIndexServer> {
  const { format = "json", authorization } = options;
  const projects = new Map<string, ListedFile[]>();
  const requests: string[] = [];
  let fault: ((path: string, response: ServerResponse) => boolean) | undefined;
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "/");
    requests.push(path);
    if (fault?.(path, response) === true) return;
    if (authorization !== undefined && request.headers.authorization !== authorization) {
      response.writeHead(401, { "content-type": "text/plain" }).end("credentials are needed");
      return;
    }
    answer(path, response);
  });
  const answer = (path: string, response: ServerResponse): void => {
    const [, folder = "", name = ""] = path.split("/");
    const files = projects.get(name);
    if (folder === "simple" && files !== undefined) return sendPage(response, format, files);
    const suffix = path.endsWith(".metadata") ? ".metadata" : "";
    const wanted = name.slice(0, name.length - suffix.length);
    const wheel = [...projects.values()].flat().find(({ fileName }) => fileName === wanted)?.wheel;
    if (folder !== "files" || wheel === undefined) {
      return void response.writeHead(404, { "content-type": "text/plain" }).end("not here");
    }
    response.writeHead(200, { "content-type": "application/octet-stream" });
    response.end(suffix === "" ? wheel.content : wheel.metadata);
  };
  const port = await listen(server);
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const add = (name: string, file: ListedFile): void => {
    const key = name.toLowerCase().replaceAll(/[-_.]+/gu, "-");
    projects.set(key, [...(projects.get(key) ?? []), file]);
  };
  return {
    url: `http://127.0.0.1:${port}/simple/`,
    requests,
    publish(...wheels) {
      for (const wheel of wheels) add(wheel.fileName.split("-", 1)[0] ?? "", { fileName: wheel.fileName, wheel });
    },
    publishSource: (name, fileName) => add(name, { fileName }),
    setFault: (next) => void (fault = next),
    forgetRequests: () => void requests.splice(0),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function sendPage(response: ServerResponse, format: "json" | "html", files: readonly ListedFile[]): void {
  if (format === "json") {
    response.writeHead(200, { "content-type": "application/vnd.pypi.simple.v1+json" });
    response.end(JSON.stringify({ meta: { "api-version": "1.0" }, files: files.map(toJsonFile) }));
    return;
  }
  response.writeHead(200, { "content-type": "text/html" });
  response.end(`<!DOCTYPE html><html><body>${files.map(toLink).join("<br/>\n")}</body></html>`);
}

function toJsonFile({ fileName, wheel }: ListedFile): Record<string, unknown> {
  return {
    filename: fileName,
    url: `../../files/${fileName}`,
    hashes: wheel === undefined ? {} : { sha256: wheel.statedSha256 ?? wheel.sha256 },
    ...(wheel?.requiresPython !== undefined && { "requires-python": wheel.requiresPython }),
    yanked: wheel?.yanked ?? false,
    ...(wheel?.servesMetadata === true && { "core-metadata": true }),
  };
}

function toLink({ fileName, wheel }: ListedFile): string {
  const hash = wheel === undefined ? "" : `#sha256=${wheel.statedSha256 ?? wheel.sha256}`;
  const attributes = [
    wheel?.requiresPython === undefined ? "" : ` data-requires-python="${escapeHtml(wheel.requiresPython)}"`,
    wheel?.yanked === undefined ? "" : ` data-yanked="${escapeHtml(wheel.yanked)}"`,
    wheel?.servesMetadata === true ? ' data-core-metadata="true"' : "",
  ];
  return `<a href="/files/${fileName}${hash}"${attributes.join("")}>${fileName}</a>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
