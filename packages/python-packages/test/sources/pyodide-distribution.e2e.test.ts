/** A distribution of Pyodide, served from loopback in the layout of the published ones. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "@toolpocket/core";
import {
  type DistributedFile,
  makeNativeWheel,
  makeWheel,
  type PyodideDistributionOptions,
  startPyodideDistribution,
  startPythonIndex,
} from "@toolpocket/test-kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fetchWheels } from "../../src/fetch-wheels.ts";
import type { PackageOptions } from "../../src/package-options.ts";
import { resolvePackages } from "../../src/resolve-packages.ts";

const pure = makeWheel({ name: "Pure.Part", version: "1.2" });
const native = await makeNativeWheel();
const LIBRARY: DistributedFile = {
  ...makeWheel({ name: "libfar", version: "2.0" }),
  fileName: "libfar-2.0.zip",
  packageType: "shared_library",
};
const FILES: readonly DistributedFile[] = [
  pure,
  { ...native, depends: ["Pure_Part"] },
  LIBRARY,
  { ...makeWheel({ name: "needy", version: "1.0" }), depends: ["pure-part", "libfar"] },
  { ...makeWheel({ name: "static", version: "1.0" }), fileName: "static-1.0.zip", packageType: "static_library" },
  { ...makeWheel({ name: "stdmod", version: "1.0" }), packageType: "cpython_module" },
];

let home: string;
let options: PackageOptions;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "pocket-distribution-"));
  options = { store: openStore({ home }), index: false };
});

afterEach(async () => rm(home, { recursive: true }));

/** What resolving and fetching from such a distribution comes to. */
async function install(name: string, more: Partial<PyodideDistributionOptions> = {}): Promise<readonly string[]> {
  await using served = await startPyodideDistribution({ files: FILES, ...more });
  const from = { ...options, distribution: served.url };
  return (await fetchWheels(await resolvePackages([name], from), from)).map(({ fileName }) => fileName);
}

test("fetchWheels() gives what a distribution lists, compiled and pure, with what it depends on", async () => {
  await using served = await startPyodideDistribution({ files: FILES });
  const from = { ...options, distribution: served.url };
  const pinned = await resolvePackages(["native"], from);
  expect(served.requests).toEqual(["/full/pyodide-lock.json"]);
  expect(pinned).toEqual([
    { name: "Pure_Part", version: "1.2", fileName: pure.fileName, digest: `sha256-${pure.sha256}` },
    { name: "native", version: "1.0", fileName: native.fileName, digest: `sha256-${native.sha256}` },
  ]);
  const fetched = await fetchWheels(pinned, from);
  expect(fetched.map(({ content }) => Buffer.from(content))).toEqual(
    [pure, native].map((wheel) => Buffer.from(wheel.content)),
  );
  served.forgetRequests();
  await expect(fetchWheels(pinned, { ...from, offline: true })).resolves.toHaveLength(2);
  expect(served.requests).toEqual([]);
  await expect(install("stdmod")).resolves.toEqual(["stdmod-1.0-py3-none-any.whl"]);
});

test("fetchWheels() takes a distribution's wheel only with the digest that its list states", async () => {
  const lying = { ...pure, statedSha256: "0".repeat(64) };
  await expect(install("pure-part", { files: [lying] })).rejects.toMatchObject({
    code: "ERR_POCKET_INTEGRITY",
    message: expect.stringContaining("Pure_Part-1.2-py3-none-any.whl from Pyodide's distribution (127.0.0.1:"),
  });
});

test("fetchWheels() names the file that a distribution lists and does not have", async () => {
  await expect(install("pure-part", { files: [{ ...pure, isMissing: true }] })).rejects.toMatchObject({
    code: "ERR_POCKET_SOURCE_UNREACHABLE",
    message: expect.stringMatching(/^Pure_Part-1\.2-py3-none-any\.whl: 127\.0\.0\.1:\d+ answers 404 not here$/u),
    hint: "check the address of the distribution, and what the server says",
  });
});

test("resolvePackages() tells what a distribution does not have, and what it has that is no wheel", async () => {
  await expect(install("unknown")).rejects.toMatchObject({
    code: "ERR_POCKET_PACKAGE_NOT_FOUND",
    message: expect.stringMatching(/^unknown: no such package \(Pyodide's distribution \(.*\): not part of it\)$/u),
  });
  for (const [name, reason] of [
    ["libfar", "there is only libfar-2.0.zip, which is no wheel"],
    ["static", "there is only static-1.0.zip, which is no wheel"],
    ["needy", "needs the shared library libfar, which is not loaded here"],
  ] as const) {
    await expect(install(name)).rejects.toMatchObject({
      code: "ERR_POCKET_PACKAGE_NOT_FOUND",
      message: expect.stringContaining(reason),
    });
  }
});

test("resolvePackages() refuses the distribution of another Pyodide", async () => {
  for (const info of [{ abi_version: "2025_0", python: "3.13.2" }, { platform: "emscripten_4_0_9" }]) {
    await expect(install("pure-part", { info })).rejects.toMatchObject({
      code: "ERR_POCKET_SETTINGS_INVALID",
      message: expect.stringMatching(
        /is of another Pyodide: ABI .*; the installed one has ABI 2026_0 on emscripten_5_0_3_wasm32/u,
      ),
      hint: "name the distribution of the installed Pyodide, or `distribution = false` for none",
    });
  }
});

test("resolvePackages() takes the installed Pyodide's list where a mirror has none", async () => {
  await expect(install("markupsafe", { files: [], list: null })).rejects.toMatchObject({
    code: "ERR_POCKET_SOURCE_UNREACHABLE",
    message: expect.stringMatching(/^markupsafe-\S+_wasm32\.whl: .* answers 404 not here$/u),
  });
});

test.each([
  ["<html>", "it is no JSON"],
  ["[]", "it has no info"],
  ['{"info": {}, "packages": {}}', "info.abi_version is no text"],
  [listOf({ name: "a" }), 'packages["a"] has no version'],
  [listOf({ name: "a", version: "1", file_name: "a.whl", package_type: "package", sha256: "" }), "has no sha256"],
  [
    listOf({ name: "a", version: "1", file_name: "a.whl", package_type: "package", sha256: "0".repeat(64) }),
    "no depends",
  ],
])("resolvePackages() refuses %j as a distribution's list", async (list, reason) => {
  await expect(install("a", { list })).rejects.toMatchObject({
    code: "ERR_POCKET_SOURCE_UNREACHABLE",
    message: expect.stringContaining(reason),
  });
});

test("resolvePackages() asks for no file outside of a distribution's folder", async () => {
  const entry = { name: "a", version: "1", package_type: "package", sha256: "0".repeat(64), depends: [] };
  for (const file of ["../../etc/a-1-py3-none-any.whl", "http://127.0.0.1:9/a-1-py3-none-any.whl"]) {
    await expect(install("a", { list: listOf({ ...entry, file_name: file }) })).rejects.toMatchObject({
      code: "ERR_POCKET_PACKAGE_NOT_FOUND",
      message: expect.stringContaining("which is no wheel"),
    });
  }
});

test("resolvePackages() gives the credentials of the distribution's address to its host, and to no message", async () => {
  const authorization = `Basic ${Buffer.from("me:s3cret").toString("base64")}`;
  await using served = await startPyodideDistribution({ files: FILES, authorization });
  const distribution = served.url.replace("http://", "http://me:s3cret@");
  const from = { ...options, distribution };
  await expect(fetchWheels(await resolvePackages(["native"], from), from)).resolves.toHaveLength(2);
  const error: unknown = await resolvePackages(["unknown"], from).catch((cause: unknown) => cause);
  expect(JSON.stringify(error)).not.toContain("s3cret");
  await expect(resolvePackages(["native"], { ...options, distribution: served.url })).rejects.toMatchObject({
    message: expect.stringContaining("401 credentials are needed"),
    hint: expect.stringContaining("in the distribution's address"),
  });
});

test("resolvePackages() prefers the newer of index and distribution, and the index's of one version", async () => {
  await using index = await startPythonIndex();
  await using served = await startPyodideDistribution({ files: FILES });
  const newer = makeWheel({ name: "pure-part", version: "1.3" });
  index.publish(newer, makeWheel({ name: "native", version: "0.9" }));
  const pinned = await resolvePackages(["native"], { ...options, index: index.url, distribution: served.url });
  expect(pinned.map(({ fileName }) => fileName)).toEqual([native.fileName, newer.fileName].toSorted());
});

/** A list for the installed Pyodide with one entry. */
function listOf(entry: object): string {
  const info = { abi_version: "2026_0", arch: "wasm32", platform: "emscripten_5_0_3", python: "3.14.2" };
  return JSON.stringify({ info, packages: { a: entry } });
}
