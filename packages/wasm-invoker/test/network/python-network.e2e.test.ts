/** The network of python tools in real Chromium: what builds on sockets, and pyodide.http, through the host's broker. */
import { createPythonTool } from "../python-tool.ts";
import { createFrugalInvoker } from "../frugal-invoker.ts";
import type { RunnableTool } from "@toolpocket/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runTool } from "../python/python-runs.ts";
import { grantInternet } from "./internet-grants.ts";
import { type Internet, startInternet } from "./internet.ts";

const invoker = createFrugalInvoker();
let internet: Internet;
let tool: RunnableTool;
beforeAll(async () => {
  internet = await startInternet();
  const source = `
import asyncio, http.client, json, os, socket, time, urllib.error, urllib.request
O = os.environ["ORIGIN"]
def get(path, *values, **more):
    return urllib.request.urlopen(O + path, *values, **more)
def fail(url, **more):
    try:
        return urllib.request.urlopen(url, **more).status
    except Exception as error:
        return [type(error).__name__, type(getattr(error, "reason", None)).__name__, str(error)]
def show(*values):
    print(json.dumps(values))
exec(compile(os.environ["CODE"], "tool.py", "exec"))
`;
  tool = { ...createPythonTool(source), grants: grantInternet(internet) };
});
afterAll(async () => {
  await invoker.close();
  await internet.close();
});

async function run(code: string): Promise<unknown> {
  const environment = { CODE: code, ORIGIN: internet.origin };
  const result = await runTool(invoker, tool, { environment });
  if (result.err !== "" || result.kind !== "exited") throw new Error(`${result.kind} ${result.err}`);
  return JSON.parse(result.out);
}

describe("urllib and http.client", () => {
  it("have status, fields, body and the last URL when an answer comes", async () => {
    const code = `
answer = get("/echo?q=1")
told = json.loads(answer.read())
posted = json.loads(get("/echo", b"a=1").read())
empty, redirected = get("/status/204"), get("/redirect")
show(answer.status, answer.headers["Content-Type"], told["url"], told["headers"]["user-agent"].startswith("Python-urllib"),
  posted["method"], posted["body"], posted["headers"]["content-length"], empty.status, empty.read().decode(), redirected.url == O + "/echo")`;
    expect(await run(code)).toEqual([200, "application/json", "/echo?q=1", true, "POST", "a=1", "3", 204, "", true]);
  });

  it("carry bodies of every kind when requests follow one another on a connection", async () => {
    const code = `
connection = http.client.HTTPConnection(O.split("//")[1])
def ask(*values, **more):
    connection.request(*values, **more)
    return connection.getresponse()
whole = ask("POST", "/same", body=b"\\x00\\xff" * 3).read()
parts = ask("PUT", "/same", body=iter([b"aa", b"bb"]), encode_chunked=True).read()
large = os.urandom(10_000_000)
back = ask("POST", "/same", body=large).read()
head = ask("HEAD", "/echo")
head_body = head.read().decode()
import gzip
unpacked = gzip.decompress(ask("GET", "/gzip", headers={"Accept-Encoding": "gzip"}).read()).decode()
cookies = ask("GET", "/cookies")
show(whole.hex(), parts.decode(), back == large, head.status, head_body, unpacked,
  cookies.getheader("X-Twice"), cookies.headers.get_all("Set-Cookie"), cookies.read().decode())`;
    expect(await run(code)).toEqual([
      "00ff00ff00ff",
      "aabb",
      true,
      200,
      "",
      "unpacked",
      "one, two",
      ["a=1; Path=/", "b=2, with comma"],
      "cookies",
    ]);
  });

  it("give the first bytes before the end when an answer streams", async () => {
    const code = `
answer = get("/stream")
first = answer.read(6).decode()
get("/stream/go")
show(first, answer.read().decode())`;
    expect(await run(code)).toEqual(["first,", "rest"]);
  });

  it("raise what an ordinary network raises when the host refuses, cannot reach, or is late", async () => {
    const code = `
import ssl
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
def cut():
    try: return get("/cut").read()
    except Exception as error: return isinstance(error, (OSError, http.client.HTTPException))
show(fail("http://denied.example/x"), fail("https://denied.example/", context=context), fail("http://127.0.0.1:1/")[:2],
  fail("http://nowhere.invalid/")[:2], fail(O + "/never", timeout=0.1)[0], fail(O + "/status/404")[0], cut())`;
    expect(await run(code)).toEqual([
      ["URLError", "PermissionError", expect.stringContaining("network access denied: GET http://denied.example")],
      ["URLError", "PermissionError", expect.stringContaining("https://denied.example")],
      ["URLError", "ConnectionRefusedError"],
      ["URLError", "gaierror"],
      "TimeoutError",
      "HTTPError",
      true,
    ]);
  });

  it("wait beside one another when tasks of asyncio ask at once", async () => {
    const code = `
async def slow(n):
    return get(f"/slow?{n}").read().decode()
async def main():
    return await asyncio.gather(*map(slow, range(10)))
start = time.monotonic()
show(asyncio.run(main()) == ["late"] * 10, time.monotonic() - start < 1.5)`;
    expect(await run(code)).toEqual([true, true]);
  });
});

describe("sockets", () => {
  it("speak HTTP and nothing else when a program opens one itself", async () => {
    const code = `
host, port = O.split("//")[1].split(":")
def attempt(work):
    try: return work()
    except OSError as error: return [type(error).__name__, str(error).split("] ")[-1]]
speaker = socket.create_connection((host, int(port)), timeout=5)
speaker.sendall(b"GET /status/204 HTTP/1.0\\r\\n")
speaker.sendall(b"\\r\\n")
status = speaker.recv(12).decode()
while speaker.recv(100): pass
redis, silent = socket.create_connection(("x", 6379)), socket.create_connection(("x", 25))
show(status, attempt(lambda: redis.sendall(b"*1\\r\\n$4\\r\\nPING\\r\\n")), attempt(lambda: silent.recv(1)),
  attempt(lambda: speaker.bind(("", 0))), attempt(lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", (host, int(port)))),
  attempt(lambda: socket.create_connection((host, int(port))).sendall(b"GET / HTTP/1.1\\r\\nContent-Length: x\\r\\n\\r\\n")),
  attempt(lambda: socket.create_connection((host, int(port))).sendall(b"CONNECT a:1 HTTP/1.1\\r\\n\\r\\n")))`;
    const only = ["PermissionError", "network access denied: only HTTP requests leave this tool"];
    expect(await run(code)).toEqual([
      "HTTP/1.1 204",
      only,
      only,
      ["PermissionError", "network access denied: a sandbox serves nobody"],
      only,
      ["OSError", "the request's length is no number"],
      ["PermissionError", "network access denied: the target a:1 is no path"],
    ]);
  });
});

describe("pyodide.http and js.fetch", () => {
  it("ask through the same door when a program uses them", async () => {
    const code = `
import js, pyodide.http
from pyodide.code import run_js
async def main():
    posted = await (await pyodide.http.pyfetch(O + "/echo", method="POST", body="text", headers={"Cookie": "a=1"})).json()
    many = await asyncio.gather(*[pyodide.http.pyfetch(f"{O}/echo?{n}") for n in range(20)])
    plain = await (await js.fetch(O + "/gzip")).text()
    refused = []
    for ask in (pyodide.http.pyfetch, js.fetch):
        try: await ask("http://denied.example/")
        except Exception as error: refused.append("fetch failed" in str(error))
    show(posted["body"], posted["headers"]["cookie"], len(many), plain, refused, pyodide.http.open_url(O + "/cookies").read())
asyncio.run(main())`;
    expect(await run(code)).toEqual(["text", "a=1", 20, "unpacked", [true, true], "cookies"]);
  });
});
