/** A web server and a small registry on loopback: conforming by default, with faults on demand, and a log of requests. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { answerAsRegistry, type RegistryContent } from "./registry-routes.ts";

export interface ModuleServerOptions {
  /** Answers the registry only to who knows these: at once, or for a token of the server's own. */
  readonly auth?: { readonly scheme: "basic" | "bearer"; readonly username: string; readonly password: string };
}

export interface ModuleRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly authorization?: string;
}

/** Answers in the place of the server; what gives false leaves the request to it. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface ModuleServer {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly requests: readonly ModuleRequest[];
  /** Files by path, beginning with a slash. */
  readonly files: Map<string, Uint8Array>;
  readonly registry: RegistryContent;
  /** Publishes an artifact, and returns the digest of its manifest. */
  publish(name: string, artifact: PublishedArtifact): string;
  setFault(fault: Fault | undefined): void;
  forgetRequests(): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface PublishedArtifact {
  readonly layers: readonly { readonly mediaType: string; readonly content: Uint8Array; readonly title?: string }[];
  /** Keys of the manifest beside the usual ones, or in their place. */
  readonly manifest?: Readonly<Record<string, unknown>>;
}

export async function startModuleServer(options: ModuleServerOptions = {}): Promise<ModuleServer> {
  const requests: ModuleRequest[] = [];
  const files = new Map<string, Uint8Array>();
  const registry: RegistryContent = { blobs: new Map(), manifests: new Map(), tags: new Map() };
  let fault: Fault | undefined;
  const server = createServer((request, response) => {
    const { method = "GET", url: path = "/" } = request;
    const { authorization } = request.headers;
    requests.push({ method, path, ...(authorization !== undefined && { authorization }) });
    if (fault?.(request, response) === true) return;
    answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    const file = files.get(pathname);
    if (file !== undefined) return void response.writeHead(200, { "content-type": "application/wasm" }).end(file);
    await answerAsRegistry(request, response, { registry, ...(options.auth && { auth: options.auth }) });
  };
  const port = await listen(server);
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };

  return {
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    requests,
    files,
    registry,
    publish(name, { layers, manifest = {} }) {
      const [repository = "", tag = "latest"] = name.split(":");
      const described = layers.map(({ mediaType, content, title }) => ({
        mediaType,
        ...keep(registry.blobs, content),
        ...(title !== undefined && { annotations: { "org.opencontainers.image.title": title } }),
      }));
      const mediaType = "application/vnd.oci.image.manifest.v1+json";
      const config = { mediaType: "application/vnd.wasm.config.v0+json", ...keep(registry.blobs, Buffer.from("{}")) };
      const text = JSON.stringify({ schemaVersion: 2, mediaType, config, layers: described, ...manifest });
      const { digest } = keep(registry.manifests, Buffer.from(text));
      registry.tags.set(`${repository}:${tag}`, digest);
      return digest;
    },
    setFault: (next) => void (fault = next),
    forgetRequests: () => void requests.splice(0),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function keep(blobs: Map<string, Uint8Array>, content: Uint8Array): { digest: string; size: number } {
  const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
  blobs.set(digest, content);
  return { digest, size: content.length };
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
