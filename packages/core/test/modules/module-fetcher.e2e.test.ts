import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ModuleServer, startModuleServer } from "@toolpocket/test-kit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { HostDirectory } from "../../src/modules/host-access.ts";
import { createModuleFetcher, digestBytes, type ModuleFetcherOptions } from "../../src/modules/module-fetcher.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { WASM } from "./wasm-bytes.ts";

let server: ModuleServer;
let home: string;
let store: Store;

beforeAll(async () => {
  server = await startModuleServer();
});
afterAll(async () => {
  await server.close();
});
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "modules-"));
  store = openStore({ home });
  server.forgetRequests();
});
afterEach(async () => {
  server.setFault(undefined);
  await rm(home, { recursive: true, force: true });
});

const fetcher = (options: Partial<ModuleFetcherOptions> = {}) => createModuleFetcher({ store, ...options });
const publish = (name: string, content: Uint8Array = WASM, mediaType = "application/wasm") =>
  server.publish(name, { layers: [{ mediaType, content }] });
const knowing = (username: string, password: string): HostDirectory => ({
  scope: `${username}:${password}`,
  find: () => ({ isKnown: true, isInsecure: true, readCredentials: async () => ({ username, password }) }),
});

describe("ModuleFetcher.fetch()", () => {
  it("fetches a URL once, however many ask, and then takes it from the store", async () => {
    server.files.set("/tools/echo.wasm", WASM);
    const reference = `${server.url}/tools/echo.wasm`;
    const all = await Promise.all(Array.from({ length: 5 }, async () => fetcher().fetch(reference)));
    expect(server.requests).toHaveLength(1);
    const digest = digestBytes(WASM);
    expect(all[4]).toEqual({ bytes: WASM, digest, mediaType: "application/wasm", resolvedReference: reference });
    const stored = await fetcher({ offline: true }).fetch(reference, { digest });
    expect(stored.bytes).toEqual(WASM);
    expect(server.requests).toHaveLength(1);
    expect(await readdir(join(home, "tmp"))).toEqual([]);
  });

  it.each(["application/wasm", "application/vnd.wasm.content.layer.v1+wasm"])(
    "pulls a layer %s by tag and by digest",
    async (mediaType) => {
      const manifest = publish("acme/echo:v1", WASM, mediaType);
      const byTag = await fetcher().fetch(`oci://${server.host}/acme/echo:v1`);
      expect(byTag).toEqual({
        bytes: WASM,
        digest: digestBytes(WASM),
        mediaType,
        resolvedReference: `oci://${server.host}/acme/echo:v1@${manifest}`,
      });
      const byDigest = await fetcher().fetch(`oci://${server.host}/acme/echo@${manifest}`);
      expect(byDigest.bytes).toEqual(WASM);
    },
  );

  it("keeps to the digest in a resolved reference when the tag moves", async () => {
    publish("acme/moving:v1");
    const { resolvedReference } = await fetcher().fetch(`oci://${server.host}/acme/moving:v1`);
    publish("acme/moving:v1", Buffer.concat([WASM, Buffer.from([0, 1, 0])]));
    expect((await fetcher().fetch(resolvedReference)).bytes).toEqual(WASM);
    expect((await fetcher().fetch(`oci://${server.host}/acme/moving:v1`)).bytes).not.toEqual(WASM);
  });

  it("goes through an index to the manifest for wasm", async () => {
    const digest = publish("acme/many:inner");
    const other = server.publish("acme/many:other", {
      layers: [{ mediaType: "text/plain", content: Buffer.from("x") }],
    });
    const entry = (of: string, os: string, architecture: string) => ({
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      digest: of,
      size: server.registry.manifests.get(of)?.length,
      platform: { os, architecture },
    });
    const index = (manifests: unknown[]) => {
      const type = "application/vnd.oci.image.index.v1+json";
      server.publish("acme/many:v1", { layers: [], manifest: { mediaType: type, layers: undefined, manifests } });
    };
    index([entry(other, "linux", "amd64"), entry(digest, "wasi", "wasm")]);
    expect((await fetcher().fetch(`oci://${server.host}/acme/many:v1`)).bytes).toEqual(WASM);
    index([entry(other, "linux", "amd64"), entry(other, "linux", "arm64")]);
    await expect(fetcher().fetch(`oci://${server.host}/acme/many:v1`)).rejects.toMatchObject({
      code: "ERR_POCKET_MODULE_REFUSED",
      message: expect.stringContaining("linux/amd64, linux/arm64"),
    });
  });

  it.each(["basic", "bearer"] as const)(
    "gives a %s registry credentials, and asks for one token only",
    async (scheme) => {
      await using guarded = await startModuleServer({ auth: { scheme, username: "ada", password: "s3cret" } });
      guarded.publish("acme/echo:v1", { layers: [{ mediaType: "application/wasm", content: WASM }] });
      const reference = `oci://${guarded.host}/acme/echo:v1`;
      const { bytes } = await fetcher({ hosts: knowing("ada", "s3cret") }).fetch(reference);
      expect(bytes).toEqual(WASM);
      expect(guarded.requests.filter(({ path }) => path.startsWith("/token"))).toHaveLength(
        scheme === "bearer" ? 1 : 0,
      );

      const wrong = fetcher({ hosts: knowing("ada", "wrong") }).fetch(reference);
      await expect(wrong).rejects.toMatchObject({
        code: "ERR_POCKET_SOURCE_UNREACHABLE",
        message: expect.stringContaining("refuses access (401"),
        hint: expect.stringContaining(`[registries."${guarded.host}"]`),
      });
      await expect(wrong).rejects.toSatisfy((error) => !JSON.stringify(error).includes("wrong"));
      await expect(fetcher().fetch(reference)).rejects.toMatchObject({ details: { status: 401, retryable: false } });
    },
  );

  it("does not carry credentials to the host that a redirect names", async () => {
    await using guarded = await startModuleServer({ auth: { scheme: "basic", username: "ada", password: "s3cret" } });
    const digest = guarded.publish("acme/echo:v1", { layers: [{ mediaType: "application/wasm", content: WASM }] });
    const blob = [...guarded.registry.blobs].find(([, content]) => content === WASM)?.[0] ?? "";
    server.files.set("/elsewhere", WASM);
    guarded.setFault(({ url = "" }, response) => {
      if (!url.endsWith(blob)) return false;
      response.writeHead(307, { location: `${server.url}/elsewhere` }).end();
      return true;
    });
    const { bytes } = await fetcher({ hosts: knowing("ada", "s3cret") }).fetch(
      `oci://${guarded.host}/acme/echo@${digest}`,
    );
    expect(bytes).toEqual(WASM);
    expect(server.requests).toEqual([{ method: "GET", path: "/elsewhere" }]);
  });

  it("ends with ERR_POCKET_FETCH_TIMEOUT, or the caller's reason, when a server does not", async () => {
    server.setFault((_request, response) => {
      response.writeHead(200).write(WASM.subarray(0, 4));
      return true;
    });
    await expect(fetcher({ timeoutMs: 200 }).fetch(`${server.url}/slow.wasm`)).rejects.toMatchObject({
      code: "ERR_POCKET_FETCH_TIMEOUT",
      details: { retryable: true },
    });
    const stop = new AbortController();
    const waiting = fetcher({ signal: stop.signal }).fetch(`${server.url}/slow.wasm`);
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });

  it("goes on for the others when one caller gives up", async () => {
    const gate = Promise.withResolvers<void>();
    server.setFault((_request, response) => {
      void gate.promise.then(() => response.writeHead(200).end(WASM));
      return true;
    });
    const stop = new AbortController();
    const reference = `${server.url}/gate.wasm`;
    const given = fetcher({ signal: stop.signal }).fetch(reference);
    const kept = fetcher().fetch(reference);
    stop.abort(new Error("enough"));
    await expect(given).rejects.toThrow("enough");
    gate.resolve();
    expect((await kept).bytes).toEqual(WASM);
    expect(server.requests).toHaveLength(1);
  });

  it("refuses with ERR_POCKET_INTEGRITY a blob that is not its digest, and keeps nothing", async () => {
    publish("acme/forged:v1");
    server.setFault(({ url = "" }, response) => {
      if (!url.includes("/blobs/")) return false;
      response.writeHead(200).end(Buffer.concat([WASM.subarray(0, -1), Buffer.from([1])]));
      return true;
    });
    await expect(fetcher().fetch(`oci://${server.host}/acme/forged:v1`)).rejects.toMatchObject({
      code: "ERR_POCKET_INTEGRITY",
    });
    expect(await readdir(home)).not.toContain("blobs");
  });

  it("throws ERR_POCKET_REF_NOT_FOUND with the nearest tag", async () => {
    publish("acme/echo:v1.2");
    await expect(fetcher().fetch(`oci://${server.host}/acme/echo:v1.3`)).rejects.toMatchObject({
      code: "ERR_POCKET_REF_NOT_FOUND",
      details: { nearest: "v1.2" },
    });
  });

  it.each<[string, string, Partial<ModuleFetcherOptions>, object]>([
    [
      "nothing there",
      "/none.wasm",
      {},
      { code: "ERR_POCKET_PATH_NOT_FOUND", details: { status: 404, retryable: false } },
    ],
    [
      "a web page",
      "/page.wasm",
      {},
      { code: "ERR_POCKET_MODULE_REFUSED", message: expect.stringContaining("<!doctype") },
    ],
    [
      "an empty file",
      "/empty.wasm",
      {},
      { code: "ERR_POCKET_MODULE_REFUSED", message: expect.stringContaining("empty") },
    ],
    [
      "a file above the limit",
      "/echo.wasm",
      { maxBytes: 4 },
      { message: expect.stringContaining("larger than 4 bytes") },
    ],
    ["offline", "/echo.wasm", { offline: true }, { code: "ERR_POCKET_OFFLINE" }],
  ])("refuses %s", async (_what, path, options, error) => {
    server.files.set("/echo.wasm", WASM).set("/empty.wasm", Buffer.from(""));
    server.files.set("/page.wasm", Buffer.from("<!doctype html><title>Not found</title>"));
    await expect(fetcher(options).fetch(`${server.url}${path}`)).rejects.toMatchObject(error);
  });

  it("stops reading a stream without length at the limit", async () => {
    let sent = 0;
    server.setFault((_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (sent < 1e9 && response.write(Buffer.alloc(65_536))) sent += 65_536;
      };
      response.on("drain", more);
      more();
      return true;
    });
    await expect(fetcher({ maxBytes: 1e6 }).fetch(`${server.url}/endless.wasm`)).rejects.toMatchObject({
      code: "ERR_POCKET_MODULE_REFUSED",
    });
    expect(sent).toBeLessThan(5e7);
  });

  it.each([503, 429, 500])("tells that %i may be tried again", async (status) => {
    server.setFault((_request, response) => {
      response.writeHead(status).end();
      return true;
    });
    await expect(fetcher().fetch(`${server.url}/x.wasm`)).rejects.toMatchObject({
      code: "ERR_POCKET_SOURCE_UNREACHABLE",
      details: { status, retryable: true },
    });
  });

  it("refuses a chain of redirects, and one to a file", async () => {
    server.setFault((_request, response) => {
      response.writeHead(302, { location: "/again" }).end();
      return true;
    });
    await expect(fetcher().fetch(`${server.url}/x.wasm`)).rejects.toThrow("redirected more than 5 times");
    server.setFault((_request, response) => {
      response.writeHead(302, { location: "file:///etc/passwd" }).end();
      return true;
    });
    await expect(fetcher().fetch(`${server.url}/x.wasm`)).rejects.toThrow("no http address");
  });

  it("refuses a private address that a tool's manifest names, also behind a name, unless the user named the host", async () => {
    server.files.set("/echo.wasm", WASM);
    const port = server.host.split(":")[1] ?? "";
    for (const host of [
      server.host,
      `localhost:${port}`,
      "10.0.0.1",
      "169.254.169.254",
      "[::1]:80",
      "[::ffff:7f00:1]:80",
    ]) {
      const url = `https://${host}/echo.wasm`;
      await expect(fetcher().fetch(url, { isForeign: true }), host).rejects.toMatchObject({
        code: "ERR_POCKET_MODULE_REFUSED",
        message: expect.stringContaining("is not public"),
      });
    }
    expect(server.requests).toEqual([]);
    const hosts = knowing("", "");
    const { bytes } = await fetcher({ hosts }).fetch(`${server.url}/echo.wasm`, { isForeign: true });
    expect(bytes).toEqual(WASM);
  });

  it.each([
    [
      "layers with paths that leave the folder",
      { mediaType: "text/plain", title: "../../evil", content: Buffer.from("x") },
    ],
    ["a container image", { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", content: Buffer.from("x") }],
  ])("refuses %s", async (_what, layer) => {
    server.publish("acme/odd:v1", { layers: [layer, { ...layer, content: Buffer.from("y") }] });
    await expect(fetcher().fetchContent(`oci://${server.host}/acme/odd:v1`)).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_POCKET_(?:TREE|MODULE)_REFUSED$/u),
    });
  });
});
