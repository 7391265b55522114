/** Libraries that tools bring, as the package index gives them: requests, urllib3 and httpx, and what is compiled. */
import type { RunnableTool } from "@toolpocket/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFrugalInvoker } from "../frugal-invoker.ts";
import { createPythonTool } from "../python-tool.ts";
import { runTool } from "../python/python-runs.ts";
import { grantInternet } from "./internet-grants.ts";
import { type Internet, startInternet } from "./internet.ts";
import { COMPILED_LIBRARIES, fetchWheels, HTTP_LIBRARIES } from "./wheels.ts";

const [{ files, reason }, compiled] = await Promise.all([fetchWheels(HTTP_LIBRARIES), fetchWheels(COMPILED_LIBRARIES)]);
const invoker = createFrugalInvoker();
let internet: Internet;
let tool: RunnableTool;
beforeAll(async () => {
  internet = await startInternet();
  const source = `
import asyncio, json, os, time
O = os.environ["ORIGIN"]
def fail(ask, *values, **more):
    try: return ask(*values, **more).status_code
    except Exception as error: return [type(error).__name__, "network access denied" in str(error)]
def show(*values):
    print(json.dumps(values))
exec(compile(os.environ["CODE"], "tool.py", "exec"))
`;
  tool = { ...createToolWith(source, files), grants: grantInternet(internet) };
});
afterAll(async () => {
  await invoker.close();
  await internet.close();
});

function createToolWith(source: string, brought: Record<string, Uint8Array> = {}): RunnableTool {
  const wheels = Object.keys(brought).map((path) => ({ path, name: path, version: "0", digest: "" }));
  return createPythonTool(source, { files: brought, wheels });
}

async function run(code: string): Promise<unknown> {
  const result = await runTool(invoker, tool, { environment: { CODE: code, ORIGIN: internet.origin } });
  if (result.kind !== "exited" || result.exitCode !== 0) throw new Error(`${result.kind} ${result.err}`);
  return JSON.parse(result.out);
}

describe.skipIf(!files)(`libraries of python${files ? "" : `: no wheels: ${reason}`}`, () => {
  it("requests asks, posts, follows, unpacks, streams and fails as anywhere", async () => {
    const code = `
import requests
session = requests.Session()
echo = session.get(O + "/echo", params={"q": 1}, cookies={"c": "1"}).json()
streamed = session.get(O + "/stream", stream=True)
parts = streamed.iter_content(6)
first = next(parts).decode()
requests.get(O + "/stream/go")
show(echo["url"], echo["headers"]["cookie"], requests.post(O + "/echo", json={"a": 1}).json()["body"],
  "in the file" in requests.post(O + "/echo", files={"f": ("a.txt", b"in the file")}).json()["body"],
  requests.post(O + "/same", data=(b"ab" for _ in range(3))).text, len(requests.post(O + "/same", data=b"x" * 3_000_000).content),
  requests.get(O + "/redirect").history[0].status_code, requests.get(O + "/gzip").text, requests.head(O + "/echo").status_code,
  first, b"".join(parts).decode(), fail(requests.get, O + "/status/404"), fail(requests.get, "http://denied.example/"),
  fail(requests.get, "https://denied.example/", verify=False), fail(requests.get, "http://nowhere.invalid/"),
  fail(requests.get, O + "/never", timeout=0.1))`;
    expect(await run(code)).toEqual([
      "/echo?q=1",
      "c=1",
      '{"a": 1}',
      true,
      "ababab",
      3_000_000,
      302,
      "unpacked",
      200,
      "first,",
      "rest",
      404,
      ["ConnectionError", true],
      ["ConnectionError", true],
      ["ConnectionError", false],
      ["ReadTimeout", false],
    ]);
  });

  it("urllib3 has its pools, retries and fields", async () => {
    const code = `
import urllib3
pool = urllib3.PoolManager()
answers = [pool.request("GET", O + "/cookies") for _ in range(3)]
try: pool.request("GET", "http://denied.example/", retries=False)
except urllib3.exceptions.HTTPError as error: refused = "network access denied" in str(error)
show(answers[2].headers.getlist("set-cookie"), answers[0].data.decode(), refused)`;
    expect(await run(code)).toEqual([["a=1; Path=/", "b=2, with comma"], "cookies", true]);
  });

  it("httpx asks with its client and, many at once, with its asynchronous one", async () => {
    const code = `
import httpx
async def main():
    async with httpx.AsyncClient() as client:
        start = time.monotonic()
        answers = await asyncio.gather(*[client.get(f"{O}/slow?{n}") for n in range(10)])
        together = time.monotonic() - start < 1.5
        back = await client.post(O + "/same", content=b"z" * 1_000_000)
        failures = []
        for url in ("http://denied.example/", "https://denied.example/", O + "/never"):
            try: await client.get(url, timeout=0.2)
            except httpx.HTTPError as error: failures.append(type(error).__name__)
        async with client.stream("GET", O + "/stream") as streamed:
            parts = streamed.aiter_text()
            first = await anext(parts)
            await client.get(O + "/stream/go")
            rest = [part async for part in parts]
        return [[answer.text for answer in answers] == ["late"] * 10, together, len(back.content), failures, first, rest]
with httpx.Client() as client:
    show(client.get(O + "/gzip").text, len(client.post(O + "/same", content=b"y" * 2_000_000).content),
      fail(client.get, "http://denied.example/"), fail(client.get, O + "/never", timeout=0.1), asyncio.run(main()))`;
    expect(await run(code)).toEqual([
      "unpacked",
      2_000_000,
      ["ReadError", true],
      ["ReadTimeout", false],
      [true, true, 1_000_000, ["ConnectError", "ConnectError", "ReadTimeout"], "first,", ["rest"]],
    ]);
  });
});

describe.skipIf(!compiled.files)(`compiled libraries${compiled.files ? "" : `: no wheels: ${compiled.reason}`}`, () => {
  it("run() runs extension modules that were compiled for this Pyodide", async () => {
    const source =
      "import msgpack, xxhash\nprint(xxhash.xxh64(b'a').hexdigest(), msgpack.Packer.__module__, msgpack.packb({'a': 1}).hex())";
    const { out, err } = await runTool(invoker, createToolWith(source, compiled.files), {});
    expect([out, err]).toEqual(["d24ec4f1a98c6e5b msgpack._cmsgpack 81a16101\n", ""]);
  });
});
