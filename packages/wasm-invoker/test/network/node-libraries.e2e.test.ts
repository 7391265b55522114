/** Libraries that tools bring for their requests, as npm gives them: axios with both of its adapters, and node-fetch. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFrugalInvoker } from "../frugal-invoker.ts";
import { grantInternet } from "./internet-grants.ts";
import { type Internet, startInternet } from "./internet.ts";

const invoker = createFrugalInvoker();
let internet: Internet;
beforeAll(async () => {
  internet = await startInternet();
});
afterAll(async () => {
  await invoker.close();
  await internet.close();
});

/** Runs a program of programs/, bundled for Node as authors of tools do. */
async function run(name: string, input: object = {}): Promise<unknown> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url))],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    logLevel: "silent",
  });
  const files = new Map([["index.js", outputFiles[0]?.contents ?? new Uint8Array(0)]]);
  const result = await invoker.run(
    {
      id: name,
      name: "libraries",
      limits: { timeoutMs: 30_000, maxMemoryBytes: 536_870_912, maxOutputBytes: 1_048_576 },
      program: { runtime: "node", entry: { path: "index.js", function: "ask" }, args: [], files },
      grants: grantInternet(internet),
    },
    { input: { ...input, origin: internet.origin }, environment: {}, timeoutMs: 30_000 },
  );
  if (result.kind !== "exited" || result.value === undefined) {
    throw new Error(`${JSON.stringify(result)}\n${Buffer.from(result.stderr).toString()}`);
  }
  return JSON.parse(result.value);
}

describe("axios", () => {
  it.each(["http", "fetch"])("asks, follows, unpacks and fails as in Node when its adapter is %s", async (adapter) => {
    const isHttp = adapter === "http";
    expect(await run("axios-program", { adapter })).toEqual([
      200,
      "/echo?q=a+b",
      "c=1",
      '{"a":1}',
      true,
      300_000,
      "unpacked",
      "/echo",
      ["ERR_BAD_REQUEST", 404],
      [isHttp ? "EACCES" : "ERR_NETWORK", null],
      [isHttp ? "ECONNABORTED" : "ETIMEDOUT", null],
    ]);
  });
});

describe("node-fetch", () => {
  it("asks, follows, unpacks, streams and fails as in Node", async () => {
    expect(await run("node-fetch-program")).toEqual([
      "c=1",
      "text",
      true,
      "ab",
      true,
      "/echo",
      "unpacked",
      ["FetchError", "EACCES"],
      "AbortError",
    ]);
  });
});
