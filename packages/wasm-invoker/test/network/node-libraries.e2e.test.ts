/** Libraries that tools bring for their requests, as npm gives them: axios with both of its adapters, and node-fetch. */
import { fileURLToPath } from "node:url";
import type { JsonObject, JsonValue } from "@toolpocket/core";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { useNodeNetwork } from "./node-network-runs.ts";

const { call } = useNodeNetwork();

/** Runs a program of programs/, bundled for Node as authors of tools do. */
async function run(name: string, input: JsonObject = {}): Promise<JsonValue> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url))],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    logLevel: "silent",
  });
  const files = new Map([["index.js", outputFiles[0]?.contents ?? new Uint8Array(0)]]);
  return call(
    {
      id: name,
      name: "libraries",
      limits: { timeoutMs: 30_000, maxMemoryBytes: 536_870_912, maxOutputBytes: 1_048_576 },
      program: { runtime: "node", entry: { path: "index.js", function: "ask" }, args: [], files },
    },
    input,
  );
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
