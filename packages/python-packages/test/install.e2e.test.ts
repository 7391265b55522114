/** Resolving and fetching from real indexes on loopback, folders of wheels, and a distribution. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type ProgressEvent, type Store } from "@toolpocket/core";
import { makeWheel, type PythonIndexServer, startPythonIndex } from "@toolpocket/test-kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fetchWheels } from "../src/fetch-wheels.ts";
import type { PackageOptions } from "../src/package-options.ts";
import { resolvePackages } from "../src/resolve-packages.ts";

let folder: string;
let store: Store;
let index: PythonIndexServer;
let options: PackageOptions;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pocket-packages-"));
  store = openStore({ home: join(folder, "store") });
  index = await startPythonIndex();
  options = { store, index: index.url, distribution: false };
});

afterEach(async () => {
  await index.close();
  await rm(folder, { recursive: true });
});

const pinOf = ({ fileName, sha256 }: { fileName: string; sha256: string }): object => ({
  fileName,
  digest: `sha256-${sha256}`,
});

test.each(["json", "html"] as const)(
  "resolvePackages() finds wheels and what they require in an index of %s",
  async (format) => {
    await using other = await startPythonIndex({ format });
    const top = makeWheel({
      name: "Top.Level",
      version: "1.0",
      requires: ["low_level>=1,<2", "w; sys_platform == 'win32'"],
    });
    const low = makeWheel({ name: "low-level", version: "1.5" });
    other.publish(top, low, makeWheel({ name: "low-level", version: "2.0" }));
    const pinned = await resolvePackages(["top-level"], { ...options, index: other.url });
    expect(pinned).toEqual([
      { name: "Top_Level", version: "1.0", ...pinOf(top) },
      { name: "low_level", version: "1.5", ...pinOf(low) },
    ]);
    const fetched = await fetchWheels(pinned, { ...options, index: other.url });
    expect(fetched.map(({ content }) => Buffer.from(content))).toEqual(
      [top, low].map((wheel) => Buffer.from(wheel.content)),
    );
  },
);

test("resolvePackages() reads METADATA beside the wheel where the index serves it, and no wheel", async () => {
  index.publish({ ...makeWheel({ name: "a", version: "1", requires: ["b"] }), servesMetadata: true });
  index.publish({ ...makeWheel({ name: "b", version: "1" }), servesMetadata: true });
  await expect(resolvePackages(["a"], options)).resolves.toHaveLength(2);
  expect(index.requests.filter((path) => path.endsWith(".whl"))).toEqual([]);
});

test("resolvePackages() leaves out what asks for another Python, what is withdrawn, and what is built for others", async () => {
  const chosen = makeWheel({ name: "a", version: "1.0" });
  index.publish(
    chosen,
    { ...makeWheel({ name: "a", version: "2.0" }), requiresPython: "<3.9" },
    { ...makeWheel({ name: "a", version: "3.0" }), yanked: "broken" },
    makeWheel({ name: "a", version: "4.0", tag: "cp314-cp314-manylinux_2_28_x86_64" }),
  );
  await expect(resolvePackages(["a"], options)).resolves.toEqual([expect.objectContaining(pinOf(chosen))]);
  await expect(resolvePackages(["a==3.0"], options)).resolves.toEqual([expect.objectContaining({ version: "3.0" })]);
});

test("resolvePackages() takes what was compiled for Pyodide before a pure wheel of the same version", async () => {
  const native = makeWheel({ name: "a", version: "1.0", tag: "cp314-cp314-pyemscripten_2026_0_wasm32" });
  index.publish(makeWheel({ name: "a", version: "1.0" }), native);
  await expect(resolvePackages(["a"], options)).resolves.toEqual([expect.objectContaining(pinOf(native))]);
});

test("resolvePackages() tells in the index's words why a package cannot be had", async () => {
  const origin = new URL(index.url).host;
  await expect(resolvePackages(["numpyy"], options)).rejects.toMatchObject({
    code: "ERR_POCKET_PACKAGE_NOT_FOUND",
    message: `numpyy: no such package (${origin}/simple/: 404 not here)`,
    hint: 'did you mean "numpy"?',
  });
  index.publish(makeWheel({ name: "native", version: "1.0", tag: "cp314-cp314-manylinux_2_28_x86_64" }));
  await expect(resolvePackages(["native"], options)).rejects.toMatchObject({
    code: "ERR_POCKET_PACKAGE_NOT_FOUND",
    message: expect.stringMatching(/compiled code.*pyemscripten_2026_0_wasm32.*cp314-cp314-manylinux_2_28_x86_64/u),
  });
  index.publishSource("source", "source-1.0.tar.gz");
  await expect(resolvePackages(["source"], options)).rejects.toMatchObject({
    message:
      "source: there is only its source (source-1.0.tar.gz), which is not built here; source-1.0-py3-none-any.whl or source-1.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl is missing",
    hint: expect.stringContaining("build a wheel of it (`pip wheel`"),
  });
  index.publish({ ...makeWheel({ name: "old", version: "1.0" }), requiresPython: "<3" });
  await expect(resolvePackages(["old"], options)).rejects.toMatchObject({
    message: expect.stringContaining("asks for another Python: <3"),
  });
  index.setFault((path, response) => {
    if (!path.includes("blocked")) return false;
    response.writeHead(403, { "content-type": "application/json" }).end('{"message": "blocked by policy 7"}');
    return true;
  });
  await expect(resolvePackages(["blocked"], options)).rejects.toMatchObject({
    code: "ERR_POCKET_SOURCE_UNREACHABLE",
    message: expect.stringContaining("403 blocked by policy 7"),
  });
});

test("resolvePackages() stops at the first of several that cannot be had", async () => {
  await expect(resolvePackages(["missing-b", "missing-a"], options)).rejects.toMatchObject({
    message: expect.stringMatching(/^missing-b: /u),
  });
  await expect(resolvePackages(["ok", "'); import os; ('"], options)).rejects.toMatchObject({
    code: "ERR_POCKET_PACKAGE_INVALID",
  });
});

test("resolvePackages() refuses other content than the index states", async () => {
  index.publish({ ...makeWheel({ name: "a", version: "1" }), statedSha256: "0".repeat(64) });
  await expect(resolvePackages(["a"], options)).rejects.toMatchObject({
    code: "ERR_POCKET_INTEGRITY",
    message: expect.stringContaining("a-1-py3-none-any.whl"),
  });
});

test("resolvePackages() refuses a hostile wheel before anything is kept of it", async () => {
  const wheel = makeWheel({ name: "a", version: "1", metadataName: "b" });
  index.publish(wheel);
  await expect(resolvePackages(["a"], options)).rejects.toMatchObject({ code: "ERR_POCKET_PACKAGE_REFUSED" });
  await expect(store.readBlob(`wheel-sha256-${wheel.sha256}`)).resolves.toBeNull();
});

test("resolvePackages() takes a folder's wheels before newer ones of the index, and the index's for the rest", async () => {
  const wheels = join(folder, "wheels");
  const own = makeWheel({ name: "own", version: "1.0", requires: ["other"] });
  await mkdir(wheels);
  await writeFile(join(wheels, own.fileName), own.content);
  index.publish(makeWheel({ name: "own", version: "9.0" }), makeWheel({ name: "other", version: "1.0" }));
  const pinned = await resolvePackages(["own"], { ...options, wheelFolders: [wheels] });
  expect(pinned.map(({ fileName }) => fileName)).toEqual(["other-1.0-py3-none-any.whl", own.fileName]);
  const alone = await resolvePackages(["own==9"], { ...options, wheelFolders: [wheels] });
  expect(alone).toEqual([expect.objectContaining({ version: "9.0" })]);
  await expect(resolvePackages(["own"], { ...options, wheelFolders: [join(folder, "none")] })).rejects.toMatchObject({
    code: "ERR_POCKET_PATH_NOT_FOUND",
  });
});

test("resolvePackages() takes an older wheel of a folder where a newer asks inside for another Python", async () => {
  const wheels = join(folder, "wheels");
  await mkdir(wheels);
  for (const wheel of [
    makeWheel({ name: "own", version: "1.0" }),
    makeWheel({ name: "own", version: "2.0", requiresPython: "<3.9" }),
    makeWheel({ name: "new", version: "1.0", requiresPython: ">=4" }),
  ]) {
    await writeFile(join(wheels, wheel.fileName), wheel.content);
  }
  const from = { ...options, wheelFolders: [wheels] };
  await expect(resolvePackages(["own"], from)).resolves.toEqual([expect.objectContaining({ version: "1.0" })]);
  await expect(resolvePackages(["new"], from)).rejects.toMatchObject({
    code: "ERR_POCKET_PACKAGE_INVALID",
    message: expect.stringContaining("asks for another Python: >=4"),
  });
});

test("resolvePackages() works without a network where a folder has all, and says so where not", async () => {
  const wheels = join(folder, "wheels");
  const own = makeWheel({ name: "own", version: "1.0" });
  await mkdir(wheels);
  await writeFile(join(wheels, own.fileName), own.content);
  const offline = { ...options, offline: true, wheelFolders: [wheels] };
  await expect(resolvePackages(["own"], offline)).resolves.toHaveLength(1);
  await expect(resolvePackages(["other"], offline)).rejects.toMatchObject({ code: "ERR_POCKET_PACKAGE_NOT_FOUND" });
  await expect(resolvePackages(["other"], { ...options, offline: true })).rejects.toMatchObject({
    code: "ERR_POCKET_OFFLINE",
  });
  expect(index.requests).toEqual([]);
});

test("resolvePackages() lists the public distribution from the installed Pyodide, and asks nobody", async () => {
  const { distribution: _distribution, ...rest } = options;
  await expect(resolvePackages(["markupsafe"], { ...rest, index: false, timeoutMs: 1 })).resolves.toEqual([
    expect.objectContaining({ name: "markupsafe", digest: expect.stringMatching(/^sha256-[0-9a-f]{64}$/u) }),
  ]);
  await expect(resolvePackages(["inspice"], { ...rest, index: false, timeoutMs: 1 })).rejects.toMatchObject({
    code: "ERR_POCKET_PACKAGE_NOT_FOUND",
    message: expect.stringContaining("shared library libngspice"),
  });
});

test("fetchWheels() asks nobody for what the store has, and offline for nothing at all", async () => {
  index.publish(makeWheel({ name: "a", version: "1" }));
  const pinned = await resolvePackages(["a"], options);
  index.forgetRequests();
  await fetchWheels(pinned, { ...options, offline: true });
  expect(index.requests).toEqual([]);
  const elsewhere = { ...options, store: openStore({ home: join(folder, "other") }) };
  await expect(fetchWheels(pinned, { ...elsewhere, offline: true })).rejects.toMatchObject({
    code: "ERR_POCKET_OFFLINE",
  });
  await expect(fetchWheels(pinned, elsewhere)).resolves.toHaveLength(1);
});

test("fetchWheels() takes nothing from a store that has other content under a digest", async () => {
  const [wheel, other] = [makeWheel({ name: "a", version: "1" }), makeWheel({ name: "a", version: "2" })];
  index.publish(wheel);
  const pinned = await resolvePackages(["a"], options);
  await store.writeBlob(`wheel-sha256-${wheel.sha256}`, other.content);
  await expect(fetchWheels(pinned, { ...options, offline: true })).rejects.toMatchObject({
    code: "ERR_POCKET_OFFLINE",
  });
  const [fetched] = await fetchWheels(pinned, options);
  expect(Buffer.from(fetched?.content ?? [])).toEqual(Buffer.from(wheel.content));
});

test("fetchWheels() gives to several at once what was fetched once", async () => {
  index.publish({ ...makeWheel({ name: "a", version: "1" }), servesMetadata: true });
  const pinned = await resolvePackages(["a"], options);
  await Promise.all(Array.from({ length: 5 }, () => fetchWheels(pinned, options)));
  expect(index.requests.filter((path) => path.endsWith(".whl"))).toHaveLength(1);
});

test("fetchWheels() refuses a file that is not the pinned one, and says where a pinned one is gone", async () => {
  const wheel = makeWheel({ name: "a", version: "1" });
  const pin = { name: "a", version: "1", fileName: wheel.fileName, digest: `sha256-${"0".repeat(64)}` };
  index.publish(wheel);
  await expect(fetchWheels([pin], options)).rejects.toMatchObject({
    code: "ERR_POCKET_PACKAGE_NOT_FOUND",
    hint: expect.stringContaining("pocket lock update"),
  });
  const lying = { ...wheel, statedSha256: "0".repeat(64) };
  await using other = await startPythonIndex();
  other.publish(lying);
  await expect(fetchWheels([pin], { ...options, index: other.url })).rejects.toMatchObject({
    code: "ERR_POCKET_INTEGRITY",
  });
});

test("resolvePackages() gives the credentials of the index's address to that host alone, and to no message", async () => {
  const authorization = `Basic ${Buffer.from("me:s3cret").toString("base64")}`;
  await using closed = await startPythonIndex({ authorization });
  closed.publish(makeWheel({ name: "a", version: "1" }));
  const address = closed.url.replace("http://", "http://me:s3cret@");
  await expect(resolvePackages(["a"], { ...options, index: address })).resolves.toHaveLength(1);
  await expect(resolvePackages(["a"], { ...options, index: closed.url })).rejects.toMatchObject({
    message: expect.stringContaining("401 credentials are needed"),
    hint: expect.stringContaining("give credentials"),
  });
  const error: unknown = await resolvePackages(["b"], { ...options, index: address }).catch((cause: unknown) => cause);
  expect(JSON.stringify(error)).not.toContain("s3cret");
});

test("resolvePackages() takes the index of the environment, uv's before pip's", async () => {
  index.publish(makeWheel({ name: "a", version: "1" }));
  const { index: _index, ...rest } = options;
  process.env["UV_INDEX_URL"] = index.url;
  process.env["PIP_INDEX_URL"] = "http://127.0.0.1:9/";
  try {
    await expect(resolvePackages(["a"], rest)).resolves.toHaveLength(1);
  } finally {
    delete process.env["UV_INDEX_URL"];
    delete process.env["PIP_INDEX_URL"];
  }
});

test("resolvePackages() ends when its signal does, when an index hangs, and when it sends too much", async () => {
  index.publish(makeWheel({ name: "a", version: "1" }));
  index.setFault((path) => path.endsWith("/a/"));
  const reason = new Error("enough");
  const controller = new AbortController();
  const waiting = resolvePackages(["a"], { ...options, signal: controller.signal });
  setTimeout(() => controller.abort(reason), 20);
  await expect(waiting).rejects.toBe(reason);
  await expect(resolvePackages(["a"], { ...options, timeoutMs: 50 })).rejects.toMatchObject({
    code: "ERR_POCKET_FETCH_TIMEOUT",
  });
  index.setFault(undefined);
  await expect(resolvePackages(["a"], { ...options, maxWheelBytes: 100 })).rejects.toMatchObject({
    message: expect.stringContaining("larger than 100 bytes"),
  });
});

test("resolvePackages() refuses an index that is none, and reports its progress", async () => {
  await expect(resolvePackages(["a"], { ...options, index: "pypi" })).rejects.toMatchObject({
    code: "ERR_POCKET_SETTINGS_INVALID",
  });
  const events: ProgressEvent[] = [];
  index.publish(makeWheel({ name: "a", version: "1" }));
  await resolvePackages(["a"], { ...options, onProgress: (event) => events.push(event) });
  expect(events.map(({ stage, state }) => `${stage} ${state}`)).toEqual(["packages start", "packages done"]);
});
