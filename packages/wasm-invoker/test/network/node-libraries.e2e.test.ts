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

/** Runs a program that was bundled for Node, as authors of tools do. */
async function run(program: string): Promise<unknown> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL(".", import.meta.url)), loader: "js" },
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    logLevel: "silent",
  });
  const files = new Map([["index.js", outputFiles[0]?.contents ?? new Uint8Array(0)]]);
  const result = await invoker.run(
    {
      id: `libraries-${program.length}`,
      name: "libraries",
      limits: { timeoutMs: 30_000, maxMemoryBytes: 536_870_912, maxOutputBytes: 1_048_576 },
      program: { runtime: "node", entry: { path: "index.js" }, args: [], files },
      grants: grantInternet(internet),
    },
    { input: { origin: internet.origin }, environment: {}, timeoutMs: 30_000 },
  );
  if (result.kind !== "exited" || result.value === undefined) {
    throw new Error(`${JSON.stringify(result)}\n${Buffer.from(result.stderr).toString()}`);
  }
  return JSON.parse(result.value);
}

describe("axios", () => {
  it.each(["http", "fetch"])(
    "asks, follows, unpacks, streams and fails as in Node when its adapter is %s",
    async (adapter) => {
      const got = await run(`
import axios from "axios";
export default async ({ origin }) => {
  const client = axios.create({ baseURL: origin, adapter: ${JSON.stringify(adapter)} });
  const fail = (path, options) => client.get(path, options).then(() => null, (error) => [error.code, error.response?.status ?? null]);
  const echo = await client.get("/echo", { params: { q: "a b" }, headers: { Cookie: "c=1" } });
  const posted = await client.post("/echo", { a: 1 });
  const form = new FormData();
  form.append("f", new Blob(["in the file"]), "a.txt");
  const multipart = await client.post("/echo", form);
  const bytes = await client.get("/bytes?size=300000", { responseType: "arraybuffer" });
  return [echo.status, echo.data.url, echo.data.headers.cookie, posted.data.body, multipart.data.body.includes("in the file"),
    bytes.data.byteLength, (await client.get("/gzip")).data, (await client.get("/redirect")).data.url,
    await fail("/status/404"), await fail("http://denied.example/"), await fail("/never", { timeout: 100 })];
};`);
      expect(got).toEqual([
        200,
        "/echo?q=a+b",
        "c=1",
        '{"a":1}',
        true,
        300_000,
        "unpacked",
        "/echo",
        ["ERR_BAD_REQUEST", 404],
        [adapter === "http" ? "EACCES" : "ERR_NETWORK", null],
        [adapter === "http" ? "ECONNABORTED" : "ETIMEDOUT", null],
      ]);
    },
  );
});

describe("node-fetch", () => {
  it("asks, follows, unpacks, streams and fails as in Node", async () => {
    const got = await run(`
import fetch, { FormData, Blob } from "node-fetch";
import { Readable } from "node:stream";
export default async ({ origin }) => {
  const echo = await (await fetch(origin + "/echo", { headers: { Cookie: "c=1" } })).json();
  const posted = await (await fetch(origin + "/echo", { method: "POST", body: "text" })).json();
  const form = new FormData();
  form.append("f", new Blob(["in the file"]), "a.txt");
  const multipart = await (await fetch(origin + "/echo", { method: "POST", body: form })).json();
  const streamed = await (await fetch(origin + "/same", { method: "POST", body: Readable.from([Buffer.from("a"), Buffer.from("b")]) })).text();
  const redirected = await fetch(origin + "/redirect");
  const denied = await fetch("http://denied.example/").catch((error) => [error.name, error.code]);
  const aborted = await fetch(origin + "/never", { signal: AbortSignal.timeout(50) }).catch((error) => error.name);
  return [echo.headers.cookie, posted.body, multipart.body.includes("in the file"), streamed, redirected.redirected,
    (await redirected.json()).url, await (await fetch(origin + "/gzip")).text(), denied, aborted];
};`);
    expect(got).toEqual(["c=1", "text", true, "ab", true, "/echo", "unpacked", ["FetchError", "EACCES"], "AbortError"]);
  });
});
