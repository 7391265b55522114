/** Packages that tools ask for: resolved when they are first locked, fetched as they are pinned after that. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PocketError } from "../../src/errors.ts";
import type { Invoker, RunnableTool } from "../../src/invoker.ts";
import { syncLock } from "../../src/lockfile/sync.ts";
import { updateLock } from "../../src/lockfile/update.ts";
import { verifyLock } from "../../src/lockfile/verify.ts";
import type { PackagePin, PythonPackages } from "../../src/packages/python-packages.ts";
import { Pocket } from "../../src/pocket/pocket.ts";
import { fromLocal } from "../../src/tool-request.ts";

const DIGEST = `sha256-${"a".repeat(64)}`;
const PIN = `low 1.0 ${DIGEST} low-1.0-py3-none-any.whl`;

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "pocket-tool-packages-"));
  vi.stubEnv("POCKET_HOME", join(cwd, ".store"));
  vi.stubEnv("CI", undefined);
  await writeTool('packages = ["low>=1"]');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cwd, { recursive: true });
});

async function writeTool(more: string, code = "def run(): return 1\n"): Promise<void> {
  await mkdir(join(cwd, "tool"), { recursive: true });
  const config = `name = "tool"\ndescription = "A tool."\nlanguage = "python"\nentrypoint = "main.py:run"\n${more}\n`;
  await writeFile(join(cwd, "tool/config.toml"), config);
  await writeFile(join(cwd, "tool/main.py"), code);
}

/** Has one version of one package, and keeps what it was asked. */
function recordPackages(version = "1.0") {
  const asked: string[] = [];
  const fetched: PackagePin[] = [];
  const packages: PythonPackages = {
    async resolve(requirements) {
      asked.push(...requirements);
      if (requirements.includes("missing")) {
        throw new PocketError("ERR_POCKET_PACKAGE_NOT_FOUND", "missing: no such package", { hint: "check the name" });
      }
      return [{ name: "low", version, digest: DIGEST, fileName: `low-${version}-py3-none-any.whl` }];
    },
    async fetch(pins, { offline = false } = {}) {
      if (offline) throw new PocketError("ERR_POCKET_OFFLINE", "not in the store", { hint: "go online" });
      fetched.push(...pins);
      return pins.map((pin) => Object.assign({ content: new TextEncoder().encode(pin.fileName) }, pin));
    },
  };
  return { asked, fetched, options: { cwd, tools: [fromLocal("tool")], pythonPackages: () => packages } };
}

const lockText = (): Promise<string> => readFile(join(cwd, "pocket.lock"), "utf8");

test("syncLock() resolves what a manifest asks for once, and keeps its pins", async () => {
  const { asked, fetched, options } = recordPackages();
  await syncLock(options);
  expect(await lockText()).toContain(`requires = ["low>=1"]\npackages = ["${PIN}"]\n`);
  const again = await syncLock(options);
  expect(again.written).toBe(false);
  expect(asked).toEqual(["low>=1"]);
  expect(fetched.map(({ fileName }) => fileName)).toEqual(["low-1.0-py3-none-any.whl", "low-1.0-py3-none-any.whl"]);
});

test("syncLock() resolves anew where the manifest asks for other packages, and forgets them with it", async () => {
  const { asked, options } = recordPackages();
  await syncLock(options);
  await writeTool('packages = ["low", "other"]');
  await syncLock(options);
  expect(asked).toEqual(["low>=1", "low", "other"]);
  await writeTool("");
  await syncLock(options);
  expect(await lockText()).not.toContain("packages");
});

test("syncLock() refuses packages that the frozen lock does not pin", async () => {
  const { asked, options } = recordPackages();
  const frozen = { ...options, frozen: true };
  await expect(syncLock(frozen)).rejects.toMatchObject({ code: "ERR_POCKET_SYNC_FAILED" });
  await expect(new Pocket(frozen).load()).rejects.toMatchObject({
    code: "ERR_POCKET_LOCK_FROZEN",
    details: { changes: ["add low>=1"] },
  });
  expect(asked).toEqual([]);
});

test("load() tells in the index's words which package cannot be had", async () => {
  await writeTool('packages = ["missing"]');
  const { options } = recordPackages();
  await expect(new Pocket(options).load()).rejects.toMatchObject({
    code: "ERR_POCKET_PACKAGE_NOT_FOUND",
    message: expect.stringContaining("missing: no such package"),
  });
});

test("load() says what is missing where nothing installs packages", async () => {
  const { pythonPackages: _none, ...options } = recordPackages().options;
  await expect(new Pocket(options).load()).rejects.toMatchObject({
    code: "ERR_POCKET_PACKAGE_NOT_FOUND",
    hint: expect.stringContaining('"toolpocket"'),
  });
});

test("invoke() hands the wheels to the program, and other wheels make another sandbox", async () => {
  const run = async (version: string): Promise<RunnableTool> => {
    const tools: RunnableTool[] = [];
    const invoker: Invoker = {
      warm: () => undefined,
      async run(tool) {
        tools.push(tool);
        throw new Error("nothing runs here");
      },
      close: async () => undefined,
    };
    await using pocket = new Pocket({ ...recordPackages(version).options, invoker, lockfile: `${version}.lock` });
    await pocket.invoke("tool", {}).catch(() => undefined);
    const [tool] = tools;
    if (tool === undefined) throw new Error("it was not run");
    return tool;
  };
  const tool = await run("1.0");
  expect(tool.program).toMatchObject({
    wheels: [{ path: ".wheels/low-1.0-py3-none-any.whl", name: "low", version: "1.0", digest: DIGEST }],
  });
  expect(
    (tool.program as { files: ReadonlyMap<string, Uint8Array> }).files.has(".wheels/low-1.0-py3-none-any.whl"),
  ).toBe(true);
  expect((await run("2.0")).id).not.toBe(tool.id);
});

test("invoke() refuses a tool whose packages were edited after it was loaded", async () => {
  const { options } = recordPackages();
  await using pocket = new Pocket(options);
  await pocket.load();
  await writeTool('packages = ["other"]', "def run(): return 2\n");
  await expect(pocket.invoke("tool", {})).rejects.toMatchObject({
    code: "ERR_POCKET_TOOL_BROKEN",
    message: expect.stringContaining("packages"),
  });
});

test("updateLock() moves packages to what is newest now, and tells which", async () => {
  await syncLock(recordPackages("1.0").options);
  const { options } = recordPackages("2.0");
  const [change] = await updateLock(options);
  expect(change).toMatchObject({ tool: "tool", packages: { added: ["low 2.0"], removed: ["low 1.0"] } });
  expect(await lockText()).toContain("low-2.0-py3-none-any.whl");
  await expect(updateLock(options)).resolves.toEqual([]);
});

test("verifyLock() tells which wheel is not in the store", async () => {
  const { options } = recordPackages();
  await syncLock(options);
  const { ok, tools } = await verifyLock(options);
  expect(ok).toBe(false);
  expect(tools).toMatchObject([
    { state: "missing", message: "its package low-1.0-py3-none-any.whl is not in the store as it is pinned" },
  ]);
});
