/** http and https of node tools in real Chromium, through the door to the host's broker. */
import { describe, expect, it } from "vitest";
import { useNodeNetwork } from "./node-network-runs.ts";

const { run } = useNodeNetwork();

describe("node:http", () => {
  it("gives status, fields and a body that is not unpacked when an answer comes", async () => {
    const code = `
const gzip = await ask(origin + "/gzip", { headers: { "Accept-Encoding": "gzip" } });
const cookies = await ask(origin + "/cookies");
const redirect = await ask(origin + "/redirect");
const chunks = []; for await (const chunk of gzip) chunks.push(chunk);
const packed = Buffer.concat(chunks);
return [gzip.statusCode, gzip.statusMessage, gzip.headers["content-encoding"], require("zlib").gunzipSync(packed).toString(),
  Number(gzip.headers["content-length"]) === packed.length, gzip.complete, cookies.headers["set-cookie"], cookies.headers["x-twice"],
  cookies.rawHeaders.filter((name) => /x-twice/i.test(name)).length, redirect.statusCode, redirect.headers.location, await text(redirect)];`;
    expect(await run(code)).toEqual([
      200,
      "OK",
      "gzip",
      "unpacked",
      true,
      true,
      ["a=1; Path=/", "b=2, with comma"],
      "one, two",
      2,
      302,
      "/echo",
      "elsewhere",
    ]);
  });

  it("sends what is written, with its length or bit by bit, when a request has a body", async () => {
    const code = `
const whole = JSON.parse(await text(await ask(origin + "/echo", { method: "POST", headers: { "X-Mine": "1" } }, "whole")));
const parts = await new Promise((resolve, reject) => {
  const request = http.request(origin + "/same", { method: "POST" }, resolve).on("error", reject);
  request.write("first,");
  setTimeout(() => { request.write("second,"); setTimeout(() => request.end("last"), 20); }, 20);
});
const none = JSON.parse(await text(await ask(origin + "/echo", { method: "POST" })));
const remove = JSON.parse(await text(await ask({ hostname: "127.0.0.1", port: new URL(origin).port, path: "/echo", method: "DELETE", auth: "u:p" })));
return [whole.body, whole.headers["content-length"], whole.headers["x-mine"], await text(parts), none.headers["content-length"],
  remove.method, remove.headers.authorization, remove.headers["content-length"] ?? null];`;
    expect(await run(code)).toEqual(["whole", "5", "1", "first,second,last", "0", "DELETE", "Basic dTpw", null]);
  });

  it("streams 10 MB through pipes when both sides are streams", async () => {
    const code = `
const { Readable } = require("stream");
const { pipeline } = require("stream/promises");
const part = Buffer.alloc(100_000, 7);
const request = http.request(origin + "/same", { method: "PUT" });
const answered = once(request, "response");
await pipeline(Readable.from((function* () { for (let n = 0; n < 100; n += 1) yield part; })()), request);
const [answer] = await answered;
let length = 0;
for await (const chunk of answer) length += chunk.length;
return length;`;
    expect(await run(code)).toBe(10_000_000);
  });

  it("emits errors with a code, timeout and abort when a request does not succeed", async () => {
    const code = `
const fail = (url, options) => ask(url, options).then(() => null, (error) => [error.code, error.message]);
const timeout = await new Promise((resolve) => {
  const request = http.get(origin + "/never", { timeout: 50 });
  request.on("timeout", () => request.destroy(new Error("too slow"))).on("error", (error) => resolve(error.message));
});
const aborted = await fail(origin + "/never", { signal: AbortSignal.timeout(50) });
const destroyed = await new Promise((resolve) => {
  const request = http.get(origin + "/never").on("error", (error) => resolve(error.code));
  setTimeout(() => request.destroy(), 20);
});
const cut = await ask(origin + "/cut").then((answer) => text(answer)).catch((error) => error.code);
return [(await fail("http://denied.example/"))[0], (await fail("http://127.0.0.1:1/"))[0], (await fail("http://nowhere.invalid/"))[0],
  timeout, aborted[0], destroyed, cut];`;
    expect(await run(code)).toEqual([
      "EACCES",
      "ECONNREFUSED",
      "ENOTFOUND",
      "too slow",
      "ABORT_ERR",
      "ECONNRESET",
      "ECONNREFUSED",
    ]);
  });

  it("refuses a request that would be another one when name, value or path are malformed", async () => {
    const code = `
const codes = [];
for (const options of [{ headers: { "a b": "1" } }, { headers: { a: "1\\r\\nX: 2" } }, { path: "/a b" }, { path: "/\\r\\n" }, { protocol: "ftp:" }])
  try { http.request({ hostname: "127.0.0.1", ...options }); codes.push(null); } catch (error) { codes.push(error.code); }
return codes;`;
    expect(await run(code)).toEqual([
      "ERR_INVALID_HTTP_TOKEN",
      "ERR_INVALID_CHAR",
      "ERR_UNESCAPED_CHARACTERS",
      "ERR_UNESCAPED_CHARACTERS",
      "ERR_INVALID_PROTOCOL",
    ]);
  });
});
