/** Components from a web server, a registry and a repository, pinned and read like any tool. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GitServer, type ModuleServer, startGitServer, startModuleServer } from "@toolpocket/test-kit";
import { buildDummy } from "@toolpocket/test-kit/build-component";
import { createFakeInvoker } from "@toolpocket/test-kit/fake-invoker";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { fromGit, fromLocal, fromOci, fromUrl, Pocket, type ToolRequest, verifyLock } from "../../src/index.ts";

const WIT =
  "package local:calc;\nworld calc { export add: func(a: u8, b: u8) -> u8; export negate: func(x: bool) -> bool; }\n";

let server: ModuleServer;
let git: GitServer;
let calc: Uint8Array;
let cwd: string;
const home = process.env["POCKET_HOME"];

beforeAll(async () => {
  [server, git, calc] = await Promise.all([startModuleServer(), startGitServer(), buildDummy(WIT)]);
  server.files.set("/calc.wasm", calc);
  server.publish("acme/calc:1", { layers: [{ mediaType: "application/wasm", content: calc }] });
});
afterAll(async () => {
  await server.close();
  await git.close();
});
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "component-sources-"));
  process.env["POCKET_HOME"] = join(cwd, "home");
});
afterEach(async () => {
  if (home === undefined) delete process.env["POCKET_HOME"];
  else process.env["POCKET_HOME"] = home;
  await rm(cwd, { recursive: true, force: true });
});

async function namesOf(request: ToolRequest): Promise<string[]> {
  await using pocket = new Pocket({ cwd, frozen: false, tools: [request], invoker: createFakeInvoker() });
  return (await pocket.tools()).map(({ name, source }) => `${name} ${source.replace(/[:+].*$/u, "")}`);
}

test("Pocket takes a lone component by its URL, pins it, and takes it from the store from then on", async () => {
  const request = fromUrl(`${server.url}/calc.wasm`);
  expect(await namesOf(request)).toEqual(["add url", "negate url"]);
  const lock = await readFile(join(cwd, "pocket.lock"), "utf8");
  expect(lock).toContain("definition = ");
  server.forgetRequests();
  expect(await namesOf(request)).toEqual(["add url", "negate url"]);
  expect(server.requests).toEqual([]);
  expect(await verifyLock({ cwd, tools: [request] })).toMatchObject({ ok: true });
});

test("Pocket takes a lone component of a registry, and refuses words about it that it says itself", async () => {
  const reference = `oci://${server.host}/acme/calc:1`;
  expect(await namesOf(fromOci(reference, { name: "sums" }))).toEqual(["sums_add oci", "sums_negate oci"]);
  await expect(namesOf(fromOci(reference, { entrypoint: "add" }))).rejects.toMatchObject({
    code: "ERR_POCKET_USAGE",
    message: expect.stringContaining("is a component, which describes itself, so that entrypoint"),
  });
});

test("Pocket takes the component that a path in a repository names", async () => {
  const repository = await git.repository("acme/tools");
  await repository.commit({ "calc/calc.wasm": calc, "calc/policy.yaml": "permissions: {}\n" });
  expect(await namesOf(fromGit(`${git.url}/acme/tools.git`, { path: "calc/calc.wasm" }))).toEqual([
    "add git",
    "negate git",
  ]);
});

test("Pocket takes the component that a manifest names by reference, pinned in the lock", async () => {
  await mkdir(join(cwd, "calc"));
  const config = `name = "calc"\ndescription = "Calculates"\n[component]\nmodule = "oci://${server.host}/acme/calc:1"\ntools = ["add"]\n`;
  await writeFile(join(cwd, "calc", "config.toml"), config);
  expect(await namesOf(fromLocal("calc"))).toEqual(["add local"]);
  expect(await readFile(join(cwd, "pocket.lock"), "utf8")).toMatch(/modules = \[\s*"oci:.*sha256-/u);
});
