import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createFakeInvoker } from "@toolpocket/test-kit/fake-invoker";
import { type ModuleServer, startModuleServer } from "@toolpocket/test-kit";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ejectTool } from "../../src/lockfile/eject.ts";
import { syncLock } from "../../src/lockfile/sync.ts";
import { updateLock } from "../../src/lockfile/update.ts";
import { verifyLock } from "../../src/lockfile/verify.ts";
import { pushTool } from "../../src/modules/push-tool.ts";
import { Pocket } from "../../src/pocket/pocket.ts";
import type { PocketOptions } from "../../src/pocket-options.ts";
import { fromGit, fromOci, fromUrl } from "../../src/tool-request.ts";
import { WASM } from "../modules/wasm-bytes.ts";
import { type ToolText, toolFiles, writeFiles } from "../pocket/tool-folder.ts";
import { useLockFixture } from "./lock-fixture.ts";

const fixture = useLockFixture();
let server: ModuleServer;
let count = 0;
/** A module that no other test has: the header, and a custom section with a number. */
const freshWasm = (): Uint8Array => Buffer.concat([WASM, Buffer.from([0, 3, 1, 0x78, (count += 1)])]);
const encode = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]));
const push = async (name: string, text: ToolText = {}, force = false) =>
  pushTool(encode(toolFiles(text)), `oci://${server.host}/${name}`, { force });
const call = async (options: PocketOptions): Promise<string> => {
  await using pocket = new Pocket({ cwd: fixture.cwd, invoker: createFakeInvoker(), ...options });
  const outcome = await pocket.invoke("weather", { city: "Seoul" });
  return outcome.status === "ok" ? outcome.output : outcome.error.message;
};
const wasmConfig = (module: string) => ({
  "config.toml": `name = "echo"\ndescription = "Echoes"\n[wasm]\nmodule = "${module}"\nenable_wasi = true\n`,
});

beforeAll(async () => {
  server = await startModuleServer();
});
afterAll(async () => {
  await server.close();
});
beforeEach(() => {
  vi.stubEnv("DOCKER_CONFIG", join(fixture.cwd, "docker"));
  server.setFault(undefined);
  server.forgetRequests();
});

describe("a tool in a registry", () => {
  it("is pushed, pinned, called, and called again without the network", async () => {
    const { digest } = await push("acme/weather:v1", { config: '[permissions]\nnetwork = ["a.example"]' });
    const reference = `oci://${server.host}/acme/weather:v1`;
    const tools = [fromOci(reference, { toolVars: { unit: "si" } })];
    expect(await call({ tools })).toBe("sunny in Seoul, si");
    expect((await fixture.lock()).tools).toEqual([
      {
        name: "weather",
        source: "oci",
        url: reference,
        digest: digest.replace(":", "-"),
        integrity: expect.stringMatching(/^sha256-/u),
        definition: expect.stringMatching(/^sha256-/u),
        permissions: { network: ["a.example"] },
        wheels: [],
      },
    ]);
    server.forgetRequests();
    expect(await call({ tools, offline: true, frozen: true })).toBe("sunny in Seoul, si");
    expect(server.requests).toEqual([]);
  });

  it("keeps its pin when the tag moves, on a fresh store too, until the lock is updated", async () => {
    await push("acme/moving:v1", { code: 'process.stdout.write("old");' });
    const tools = [`oci://${server.host}/acme/moving:v1`];
    expect(await call({ tools })).toBe("old");
    const before = await fixture.lockText();
    await push("acme/moving:v1", { code: 'process.stdout.write("new");' }, true);
    fixture.useFreshStore();
    expect(await call({ tools })).toBe("old");
    expect(await fixture.lockText()).toBe(before);

    const options = { cwd: fixture.cwd, tools };
    const [change] = await updateLock(options);
    expect(change).toMatchObject({ tool: "weather", files: { changed: ["index.js"] }, definition: "" });
    expect(await call({ tools })).toBe("new");
    expect(await updateLock(options)).toEqual([]);
  });

  it("refuses an update that asks for more, with ERR_POCKET_UPDATE_REFUSED", async () => {
    await push("acme/greedy:v1");
    const options = { cwd: fixture.cwd, tools: [`oci://${server.host}/acme/greedy:v1`] };
    await syncLock(options);
    await push("acme/greedy:v1", { config: '[permissions]\nenv = ["HOME"]' }, true);
    await expect(updateLock(options)).rejects.toMatchObject({ code: "ERR_POCKET_UPDATE_REFUSED" });
    expect(await updateLock(options, { acceptPermissions: true })).toHaveLength(1);
  });

  it("is verified, mended when the store was changed, and refused by load() meanwhile", async () => {
    await push("acme/sound:v1");
    const options = { cwd: fixture.cwd, tools: [`oci://${server.host}/acme/sound:v1`] };
    await syncLock(options);
    expect(await verifyLock(options)).toMatchObject({ ok: true, tools: [{ state: "ok" }] });
    await fixture.tamper("index.js");
    expect(await verifyLock(options)).toMatchObject({ tools: [{ state: "damaged" }] });
    await expect(call(options)).rejects.toMatchObject({ code: "ERR_POCKET_INTEGRITY" });
    expect(await syncLock(options)).toMatchObject({ repaired: ["weather"], written: false });
    expect(await call(options)).toContain("sunny");
  });

  it("is not added while the lock is frozen, and nothing is fetched for it", async () => {
    await push("acme/frozen:v1");
    server.forgetRequests();
    const tools = [`oci://${server.host}/acme/frozen:v1`];
    await expect(call({ tools, frozen: true })).rejects.toMatchObject({ code: "ERR_POCKET_LOCK_FROZEN" });
    expect(server.requests).toEqual([]);
  });

  it("is ejected with all of its files", async () => {
    await push("acme/ejected:v1");
    const settings = `[tools.weather]\noci = "oci://${server.host}/acme/ejected:v1"\n`;
    await fixture.writeSettings(settings);
    await syncLock({ cwd: fixture.cwd });
    const ejected = await ejectTool({ cwd: fixture.cwd }, "weather");
    expect(ejected).toMatchObject({ files: ["config.toml", "index.js", "schema.json"], local: "./tools/weather" });
    expect(ejected.settings?.text).toBe('[tools.weather]\nlocal = "./tools/weather"\n');
  });
});

describe("a lone module behind a URL", () => {
  it("is described by its request, whose words the lock does not pin", async () => {
    server.files.set("/a/echo.wasm", freshWasm());
    const url = `${server.url}/a/echo.wasm`;
    const inputSchema = { type: "object", properties: { text: { type: "string" } } };
    const options = { cwd: fixture.cwd, tools: [fromUrl(url, { description: "Echoes", inputSchema })] };
    await using pocket = new Pocket({ ...options, invoker: createFakeInvoker() });
    const [info] = await pocket.tools();
    expect(info).toMatchObject({ name: "echo", description: "Echoes", inputSchema, runtime: "wasm" });
    const before = await fixture.lockText();
    expect(before).not.toContain("definition");
    await using renamed = new Pocket({ cwd: fixture.cwd, tools: [fromUrl(url, { description: "Says it again" })] });
    expect(await renamed.tools()).toMatchObject([{ name: "echo", description: "Says it again" }]);
    expect(await fixture.lockText()).toBe(before);
    expect(server.requests).toHaveLength(1);
  });

  it("is a broken tool that says what to write when nobody describes it", async () => {
    server.files.set("/b/echo.wasm", freshWasm());
    const report = await syncLock({ cwd: fixture.cwd, tools: [`${server.url}/b/echo.wasm`] });
    expect(report.broken).toMatchObject([{ name: "echo", reason: expect.stringContaining("says nothing of itself") }]);
  });

  it("is refused with ERR_POCKET_INTEGRITY on a fresh store when the file has changed, until the lock is updated", async () => {
    server.files.set("/c/echo.wasm", freshWasm());
    const tools = [fromUrl(`${server.url}/c/echo.wasm`, { description: "Echoes" })];
    const options = { cwd: fixture.cwd, tools };
    await syncLock(options);
    server.files.set("/c/echo.wasm", freshWasm());
    expect(await syncLock(options)).toMatchObject({ written: false });
    fixture.useFreshStore();
    await expect(new Pocket(options).load()).rejects.toMatchObject({ code: "ERR_POCKET_INTEGRITY" });
    expect(await updateLock(options)).toMatchObject([{ tool: "echo", from: expect.stringMatching(/^sha256-/u) }]);
    await expect(new Pocket(options).load()).resolves.toBeDefined();
  });

  it("is ejected with a manifest of its own", async () => {
    server.files.set("/d/echo.wasm", freshWasm());
    await fixture.writeSettings(`[tools.echo]\nurl = "${server.url}/d/echo.wasm"\ndescription = "Echoes"\n`);
    await syncLock({ cwd: fixture.cwd });
    const { files, folder, settings } = await ejectTool({ cwd: fixture.cwd }, "echo");
    expect(files).toEqual(["config.toml", "echo.wasm"]);
    expect(await readFile(join(folder, "config.toml"), "utf8")).toContain('module = "echo.wasm"');
    expect(settings?.text).toBe('[tools.echo]\nlocal = "./tools/echo"\n');
  });
});

describe("a module that a manifest names", () => {
  it("is pinned under its local tool, and moves with `lock update` only", async () => {
    const first = freshWasm();
    server.publish("acme/echo:v1", { layers: [{ mediaType: "application/wasm", content: first }] });
    const reference = `oci://${server.host}/acme/echo:v1`;
    await writeFiles(join(fixture.cwd, "echo"), wasmConfig(reference));
    const options = { cwd: fixture.cwd, tools: ["./echo"] };
    await syncLock(options);
    const [entry] = (await fixture.lock()).tools;
    expect(entry?.modules).toEqual([
      expect.stringMatching(new RegExp(`^${reference}@sha256:[0-9a-f]{64} sha256-[0-9a-f]{64}$`, "u")),
    ]);

    server.publish("acme/echo:v1", { layers: [{ mediaType: "application/wasm", content: freshWasm() }] });
    server.forgetRequests();
    expect(await syncLock(options)).toMatchObject({ written: false });
    await using pocket = new Pocket({ ...options, offline: true });
    expect(await pocket.tools()).toMatchObject([{ name: "echo", runtime: "wasm" }]);
    expect(server.requests).toEqual([]);
    expect(await updateLock(options)).toMatchObject([{ tool: "echo" }]);
    expect((await fixture.lock()).tools[0]?.modules).not.toEqual(entry?.modules);
  });

  it("may not lead a repository's tool to a private address, unless the user named the host", async () => {
    server.files.set("/e/echo.wasm", freshWasm());
    const repository = await fixture.repository();
    await repository.commit(wasmConfig(`${server.url.replace("http:", "https:")}/e/echo.wasm`));
    const options = { cwd: fixture.cwd, tools: [fromGit(repository.url)] };
    await expect(new Pocket(options).load()).rejects.toMatchObject({
      code: "ERR_POCKET_MODULE_REFUSED",
      message: expect.stringContaining("is not public"),
    });
    expect(server.requests).toEqual([]);
    server.publish("acme/known:v1", { layers: [{ mediaType: "application/wasm", content: freshWasm() }] });
    await repository.commit(wasmConfig(`oci://${server.host}/acme/known:v1`));
    await fixture.writeSettings(`[registries."${server.host}"]\n`);
    const known = new Pocket({ cwd: fixture.cwd, tools: [fromGit(repository.url, { name: "known" })] });
    expect(await known.tools()).toMatchObject([{ name: "known" }]);
    expect((await fixture.lock()).tools[0]).toMatchObject({ source: "git", modules: [expect.any(String)] });
    expect(await verifyLock({ cwd: fixture.cwd })).toMatchObject({ ok: true });
    fixture.useFreshStore();
    expect(await verifyLock({ cwd: fixture.cwd })).toMatchObject({ tools: [{ state: "missing" }] });
  });
});
