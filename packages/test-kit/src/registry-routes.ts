/** The routes of the distribution specification 1.1 over content in memory. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface RegistryContent {
  /** By `sha256:…`. */
  readonly blobs: Map<string, Uint8Array>;
  /** By `sha256:…`; one registry knows all manifests in all of its repositories. */
  readonly manifests: Map<string, Uint8Array>;
  /** Digests by "repository:tag". */
  readonly tags: Map<string, string>;
}

export interface RegistryOptions {
  readonly registry: RegistryContent;
  readonly auth?: { readonly scheme: "basic" | "bearer"; readonly username: string; readonly password: string };
}

export async function answerAsRegistry(
  request: IncomingMessage,
  response: ServerResponse,
  options: RegistryOptions,
): Promise<void> {
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "127.0.0.1"}`);
  const body = Buffer.concat((await request.toArray()) as Buffer[]);
  if (url.pathname === "/token") return giveToken(request, response, url, options);
  const path = /^\/v2\/(?<repository>.+?)\/(?<kind>manifests|blobs|tags)\/(?<name>.*)$/u.exec(url.pathname)?.groups;
  if (path === undefined) return fail(response, 404, "NAME_UNKNOWN");
  const { repository = "", kind, name = "" } = path;
  if (!isAllowed(request, repository, options)) return refuse(response, url, options);
  const { registry } = options;
  if (kind === "tags") return listTags(response, repository, registry);
  if (kind === "manifests") {
    return request.method === "PUT"
      ? putManifest(response, { repository, name, body }, registry)
      : getContent(request, response, registry.manifests, registry.tags.get(`${repository}:${name}`) ?? name);
  }
  if (request.method === "POST") {
    return void response.writeHead(202, { location: `/v2/${repository}/blobs/uploads/1` }).end();
  }
  if (request.method === "PUT") return putBlob(response, url, body, registry);
  return getContent(request, response, registry.blobs, name);
}

function getContent(
  request: IncomingMessage,
  response: ServerResponse,
  contents: ReadonlyMap<string, Uint8Array>,
  digest: string,
): void {
  const content = contents.get(digest);
  if (content === undefined) return fail(response, 404, "NOT_FOUND");
  const type = /"mediaType":"(?<type>[^"]+)"/u.exec(Buffer.from(content.subarray(0, 200)).toString())?.groups?.["type"];
  response.writeHead(200, {
    "content-length": content.length,
    "content-type": type ?? "application/octet-stream",
    "docker-content-digest": digest,
  });
  response.end(request.method === "HEAD" ? undefined : content);
}

function putManifest(
  response: ServerResponse,
  { repository, name, body }: { repository: string; name: string; body: Buffer },
  { manifests, tags }: RegistryContent,
): void {
  const digest = digestOf(body);
  manifests.set(digest, body);
  if (!name.startsWith("sha256:")) tags.set(`${repository}:${name}`, digest);
  response.writeHead(201, { location: `/v2/${repository}/manifests/${digest}`, "docker-content-digest": digest }).end();
}

function putBlob(response: ServerResponse, url: URL, body: Buffer, { blobs }: RegistryContent): void {
  const digest = digestOf(body);
  if (url.searchParams.get("digest") !== digest) return fail(response, 400, "DIGEST_INVALID");
  blobs.set(digest, body);
  response.writeHead(201, { "docker-content-digest": digest }).end();
}

function listTags(response: ServerResponse, repository: string, { tags }: RegistryContent): void {
  const own = [...tags.keys()].filter((tag) => tag.startsWith(`${repository}:`));
  const names = own.map((tag) => tag.slice(repository.length + 1));
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ name: repository, tags: names }));
}

function isAllowed({ headers }: IncomingMessage, repository: string, { auth }: RegistryOptions): boolean {
  if (auth === undefined) return true;
  return headers.authorization === (auth.scheme === "basic" ? basicOf(auth) : `Bearer token-for-${repository}`);
}

function refuse(response: ServerResponse, { host }: URL, { auth }: RegistryOptions): void {
  const challenge =
    auth?.scheme === "bearer"
      ? `Bearer realm="http://${host}/token",service="registry,one",scope="repository:x:pull"`
      : 'Basic realm="registry"';
  response.writeHead(401, { "www-authenticate": challenge }).end('{"errors":[{"code":"UNAUTHORIZED"}]}');
}

function giveToken({ headers }: IncomingMessage, response: ServerResponse, url: URL, { auth }: RegistryOptions): void {
  const [, repository = ""] = url.searchParams.get("scope")?.split(":") ?? [];
  const isKnown = auth !== undefined && headers.authorization === basicOf(auth);
  if (!isKnown || url.searchParams.get("service") !== "registry,one") return fail(response, 401, "UNAUTHORIZED");
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ token: `token-for-${repository}` }));
}

function basicOf({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ errors: [{ code, message: `the registry says ${code}` }] }));
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
