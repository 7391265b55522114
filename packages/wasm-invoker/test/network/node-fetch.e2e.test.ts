/** fetch() of node tools in real Chromium, through the door to the host's broker. */
import { describe, expect, it } from "vitest";
import { useNodeNetwork } from "./node-network-runs.ts";

const network = useNodeNetwork();
const { run } = network;

describe("fetch()", () => {
  it("has status, headers, url and body when an answer comes", async () => {
    const code = `
const answer = await fetch(origin + "/echo?q=1#part", { headers: { Cookie: "a=1", "User-Agent": "mine" } });
const { method, url, headers } = await answer.json();
return [answer instanceof Response, answer.status, answer.ok, answer.statusText, answer.redirected, answer.type,
  answer.url === origin + "/echo?q=1", answer.headers.get("Content-Type"), method, url, headers.cookie, headers["user-agent"]];`;
    expect(await run(code)).toEqual([
      true,
      200,
      true,
      "OK",
      false,
      "basic",
      true,
      "application/json",
      "GET",
      "/echo?q=1",
      "a=1",
      "mine",
    ]);
  });

  it("sends bodies of every kind when the program posts", async () => {
    const code = `
const send = async (body, headers) => {
  const answer = await fetch(origin + "/echo", { method: "POST", body, headers, duplex: "half" });
  const { headers: sent, body: text } = await answer.json();
  return [sent["content-type"] ?? null, sent["content-length"] ?? sent["transfer-encoding"], text];
};
const form = new FormData();
form.append("file", new Blob(["in the file"]), "a.txt");
const multipart = await send(form);
return [
  await send("text"), await send('{"a":1}', { "content-type": "application/json" }),
  await send(new Uint8Array([1, 2, 255])), await send(new URLSearchParams({ a: "b c" })),
  await send(new ReadableStream({ start(c) { c.enqueue(new Uint8Array([65])); c.enqueue(new Uint8Array([66])); c.close(); } })),
  await send((async function* () { yield Buffer.from("x"); yield Buffer.from("y"); })()),
  [multipart[0].split(";")[0], multipart[2].includes("in the file") && multipart[2].includes('filename="a.txt"')],
];`;
    expect(await run(code)).toEqual([
      ["text/plain;charset=UTF-8", "4", "text"],
      ["application/json", "7", '{"a":1}'],
      [null, "3", "\u0001\u0002\u00ff"],
      ["application/x-www-form-urlencoded;charset=UTF-8", "5", "a=b+c"],
      [null, "2", "AB"],
      [null, "2", "xy"],
      ["multipart/form-data", true],
    ]);
  });

  it("gives the first bytes before the end when an answer streams", async () => {
    const code = `
const answer = await fetch(origin + "/stream");
const reader = answer.body.getReader();
const parts = [new TextDecoder().decode((await reader.read()).value)];
await fetch(origin + "/stream/go");
for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(new TextDecoder().decode(part.value));
return parts;`;
    expect(await run(code)).toEqual(["first,", "rest"]);
  });

  it("carries 10 MB both ways when bodies are large", async () => {
    const code = `
const body = new Uint8Array(10_000_000);
for (let index = 0; index < body.length; index += 1) body[index] = index * 7;
const back = await (await fetch(origin + "/same", { method: "POST", body })).bytes();
return [back.length, back.every((byte, index) => byte === body[index])];`;
    expect(await run(code)).toEqual([10_000_000, true]);
  });

  it("follows, shows or refuses a redirect by its mode", async () => {
    const code = `
const follow = await fetch(origin + "/redirect", { method: "POST", body: "x" });
const manual = await fetch(origin + "/redirect", { redirect: "manual" });
const kept = await fetch(origin + "/redirect/307", { redirect: "manual", method: "PUT", body: "x" });
const error = await fetch(origin + "/redirect", { redirect: "error" }).catch((error) => error);
return [follow.redirected, follow.url === origin + "/echo", (await follow.json()).method,
  manual.status, manual.headers.get("location"), await manual.text(), kept.status, error.message, error.constructor.name];`;
    expect(await run(code)).toEqual([true, true, "GET", 302, "/echo", "elsewhere", 307, "fetch failed", "TypeError"]);
  });

  it("has no body, unpacked bodies, and all fields when the answer is of a special kind", async () => {
    const code = `
const empty = await fetch(origin + "/status/204");
const head = await fetch(origin + "/echo", { method: "HEAD" });
const gzip = await fetch(origin + "/gzip");
const cookies = await fetch(origin + "/cookies");
const missing = await fetch(origin + "/status/404");
const copy = cookies.clone();
return [empty.status, empty.body, empty.headers.get("x-empty"), head.status, await head.text(), await gzip.text(),
  cookies.headers.getSetCookie(), cookies.headers.get("x-twice"), copy.url === cookies.url, await copy.text(), await cookies.text(),
  missing.ok, missing.status, await missing.text()];`;
    expect(await run(code)).toEqual([
      204,
      null,
      "yes",
      200,
      "",
      "unpacked",
      ["a=1; Path=/", "b=2, with comma"],
      "one, two",
      true,
      "cookies",
      "cookies",
      false,
      404,
      "not here",
    ]);
  });

  it("rejects with the signal's reason, and the host gives up, when it is aborted", async () => {
    const before = network.internet.given.up;
    const code = `
const timeout = await fetch(origin + "/never", { signal: AbortSignal.timeout(50) }).catch((error) => error.name);
const early = await fetch(origin + "/never", { signal: AbortSignal.abort(new Error("mine")) }).catch((error) => error.message);
const abort = new AbortController();
const answer = await fetch(origin + "/stream", { signal: abort.signal });
abort.abort();
const late = await answer.text().catch((error) => error.name);
return [timeout, early, late];`;
    expect(await run(code)).toEqual(["TimeoutError", "mine", "AbortError"]);
    await expect.poll(() => network.internet.given.up).toBe(before + 2);
  });

  it("answers each when 100 requests are made at once", async () => {
    const code = `
const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => fetch(origin + "/echo?n=" + n).then((a) => a.json())));
return answers.every(({ url }, n) => url === "/echo?n=" + n);`;
    expect(await run(code)).toBe(true);
  });

  it("fails as an ordinary network error when the host refuses or cannot reach", async () => {
    const code = `
const fail = (url) => fetch(url).then((answer) => answer.text(), (error) => { throw error; })
  .catch((error) => [error.constructor.name, error.message, error.cause?.code ?? null, error.cause?.message ?? null]);
return [await fail("http://denied.example/"), await fail("http://127.0.0.1:1/"), await fail("http://nowhere.invalid/"),
  await fail(origin + "/cut"), await fail("ftp://x/"), await fail("/relative")];`;
    expect(await run(code)).toEqual([
      [
        "TypeError",
        "fetch failed",
        "EACCES",
        expect.stringContaining("network access denied: GET http://denied.example"),
      ],
      ["TypeError", "fetch failed", "ECONNREFUSED", expect.stringContaining("127.0.0.1:1")],
      ["TypeError", "fetch failed", "ENOTFOUND", expect.stringContaining("getaddrinfo ENOTFOUND nowhere.invalid")],
      ["TypeError", "terminated", "ECONNREFUSED", expect.anything()],
      ["TypeError", "fetch failed", null, "unknown scheme"],
      ["TypeError", "Failed to parse URL from /relative", null, expect.anything()],
    ]);
  });
});
