import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTool, type Internet, openInternet, secret, type Tool, type ToolOptions } from "./test-internet.ts";

const VALUE = 'p@ss/w"ord+1 ä';
const BYTES = Buffer.from(VALUE);
const JSON_FORM = String.raw`p@ss/w\"ord+1 ä`;
const URL_FORM = "p%40ss%2Fw%22ord%2B1%20%C3%A4";

let internet: Internet;
let tools: Tool[] = [];

beforeAll(async () => {
  internet = await openInternet((request, response) => {
    const url = new URL(request.url ?? "", "http://host");
    const location = url.searchParams.get("to");
    if (location !== null) {
      response.writeHead(Number(url.searchParams.get("status") ?? 302), { location }).end();
      return;
    }
    switch (url.pathname) {
      case "/echo-location":
        return response
          .writeHead(302, { location: `${internet.https("b.example")}/?key=${url.searchParams.get("key") ?? ""}` })
          .end();
      case "/chunks": {
        response.write(BYTES.subarray(0, 3));
        setTimeout(() => response.end(BYTES.subarray(3)), 20);
        return;
      }
      case "/gzip":
        return response.setHeader("content-encoding", "gzip").end(gzipSync(`a ${VALUE} b`));
      case "/unknown":
        return response.setHeader("content-encoding", "exi").end(BYTES);
      case "/forms":
        response.setHeader("x-echo", BYTES.toString("latin1"));
        return response.end(
          Buffer.from(
            [
              VALUE,
              JSON.stringify({ VALUE }),
              encodeURIComponent(VALUE),
              URL_FORM.toLowerCase().replaceAll("%20", "+"),
              BYTES.toString("hex"),
              BYTES.toString("base64"),
              Buffer.from(`user:${VALUE}`).toString("base64"),
              Buffer.from(`xx${VALUE}`).toString("base64url"),
              "p@ss/w&quot;ord+1 ä",
              String.raw`p@ss\/w\"ord+1 \u00e4`,
            ].join("\n"),
          ),
        );
      default:
        return response.end("ok");
    }
  });
});
afterAll(() => internet.close());
beforeEach(() => void (internet.seen as unknown[]).splice(0));
afterEach(async () => {
  await Promise.all(tools.map((one) => one.close()));
  tools = [];
});

/** For a.example over https only. */
const key = (): ReturnType<typeof secret> => secret("KEY", VALUE, [internet.https("a.example")]);
const placeholder = "SECRET_KEY_0f1e2d3c4b5a";
const a = (path = "/"): string => `${internet.https("a.example")}${path}`;

/** A tool that may reach a, b and c.example, and has the key. */
function tool(options: ToolOptions = {}): Tool {
  const allow = ["a.example", "b.example"].flatMap((name) => [internet.http(name), internet.https(name)]);
  const made = createTool({ allow, secrets: [key()], ...options });
  tools.push(made);
  return made;
}

function seenHeader(name: string): string {
  const { rawHeaders = [] } = internet.seen.at(-1) ?? {};
  const place = rawHeaders.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name);
  return place === -1 ? "" : Buffer.from(rawHeaders[place + 1] ?? "", "latin1").toString();
}
const seenBody = (): string => Buffer.from(internet.seen.at(-1)?.body ?? "", "latin1").toString();

describe("secrets in requests", () => {
  it("stand in headers, also within Basic credentials", async () => {
    const basic = Buffer.from(`user:${placeholder}`).toString("base64");
    await tool().fetch(a(), {
      headers: [
        ["X-Key", `Bearer ${placeholder}`],
        ["Authorization", `Basic ${basic}`],
      ],
    });
    expect(seenHeader("x-key")).toBe(`Bearer ${VALUE}`);
    expect(Buffer.from(seenHeader("authorization").slice(6), "base64").toString()).toBe(`user:${VALUE}`);
  });

  it("stand in path and query, encoded, also where the placeholder is", async () => {
    const escaped = placeholder.replace("SECRET", "%53E%43RET");
    await tool().fetch(a(`/bot${placeholder}/x?a=${placeholder}&b=${escaped}`));
    expect(internet.seen[0]?.url).toBe(`/bot${URL_FORM}/x?a=${URL_FORM}&b=${URL_FORM}`);
  });

  it.each([
    ["application/json; charset=utf-8", `{"key":"${placeholder}"}`, `{"key":"${JSON_FORM}"}`],
    ["application/problem+json", `"${placeholder}"`, `"${JSON_FORM}"`],
    ["application/x-www-form-urlencoded", `a=${placeholder}&b=1`, `a=${URL_FORM}&b=1`],
    ["text/plain", `${placeholder}${placeholder}`, `${VALUE}${VALUE}`],
  ])("stand in a body of %s as it needs them, with the length that it then has", async (type, body, expected) => {
    const length = String(body.length);
    await tool().fetch(a(), {
      method: "POST",
      headers: [
        ["Content-Type", type],
        ["Content-Length", length],
      ],
      body,
    });
    expect(seenBody()).toBe(expected);
    expect(seenHeader("content-length")).toBe(String(Buffer.byteLength(expected)));
  });

  it("stand in a body that streams, across the borders of its chunks", async () => {
    async function* parts(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(1_200_000, "x");
      for (const character of placeholder) yield Buffer.from(character);
      yield Buffer.from("end");
    }
    await tool().fetch(a(), { method: "POST", body: parts() });
    expect(seenBody().slice(1_200_000)).toBe(`${VALUE}end`);
  });

  it.each([
    ["a header", { headers: [["X-Key", placeholder]] as const }, ""],
    ["Basic credentials", { headers: [["Authorization", `Basic ${btoa(`u:${placeholder}`)}`]] as const }, ""],
    ["the query", {}, `/?key=${placeholder}`],
    ["the path", {}, `/${placeholder}`],
    ["the body", { method: "POST", body: placeholder }, ""],
  ])("go to no other host in %s: nothing is sent", async (_what, request, path) => {
    const granted = tool();
    await expect(granted.fetch(`${internet.https("b.example")}${path}`, request)).rejects.toMatchObject({
      code: "denied",
    });
    expect(internet.seen).toEqual([]);
    expect(granted.denials).toMatchObject([
      { kind: "secret", message: `the secret KEY may not go to ${internet.https("b.example")}` },
    ]);
  });

  it("go over plain http only where the user wrote http", async () => {
    const headers = [["X-Key", placeholder]] as const;
    const url = internet.http("a.example");
    const bare = secret("KEY", VALUE, [new URL(url).host]);
    await expect(tool({ secrets: [bare] }).fetch(url, { headers })).rejects.toMatchObject({ code: "denied" });
    await tool({ secrets: [secret("KEY", VALUE, [url])] }).fetch(url, { headers });
    expect(seenHeader("x-key")).toBe(VALUE);
  });

  it("break no header where they hold a line feed", async () => {
    const broken = secret("KEY", "a\r\nX-Evil: 1", [internet.https("a.example")]);
    const sent = tool({ secrets: [broken] }).fetch(a(), { headers: [["X-Key", placeholder]] });
    await expect(sent).rejects.toMatchObject({
      code: "protocol",
      message: "the secret KEY cannot stand in a header: it holds a control character",
    });
    expect(internet.seen).toEqual([]);
  });
});

describe("secrets and redirects", () => {
  const headers = [["X-Key", placeholder]] as const;

  it("go along to the same origin, and are left out where the next host may not have them", async () => {
    await tool().fetch(a("/?to=/next"), { headers });
    expect(seenHeader("x-key")).toBe(VALUE);
    await tool().fetch(a(`/?to=${encodeURIComponent(internet.https("b.example"))}`), { headers });
    expect(internet.seen.at(-1)?.host).toMatch(/^b\.example/u);
    expect(seenHeader("x-key")).toBe("");
  });

  it("do not go on to plain http", async () => {
    await tool().fetch(a(`/?to=${encodeURIComponent(internet.http("a.example"))}`), { headers });
    expect(seenHeader("x-key")).toBe("");
  });

  it("are not carried by a location that echoes them, nor by a body that is sent again", async () => {
    const granted = tool();
    await expect(granted.fetch(a(`/echo-location?key=${placeholder}`))).rejects.toMatchObject({ code: "denied" });
    const again = a(`/?status=307&to=${encodeURIComponent(internet.https("b.example"))}`);
    await expect(granted.fetch(again, { method: "POST", body: placeholder })).rejects.toMatchObject({ code: "denied" });
    expect(internet.seen.map(({ host }) => host.split(":")[0])).toEqual(["a.example", "a.example"]);
    expect(granted.denials.map(({ kind }) => kind)).toEqual(["secret", "secret"]);
  });
});

describe("secrets in answers", () => {
  it("are masked in headers and in every form that an echo has", async () => {
    const answer = await tool().fetch(a("/forms"));
    const lines = answer.text.split("\n");
    expect(lines).toHaveLength(10);
    expect(lines.filter((line) => !line.includes(placeholder))).toEqual([]);
    expect(lines[1]).toBe(`{"VALUE":"${placeholder}"}`);
    expect(answer.headers).toContainEqual(["x-echo", placeholder]);
    expect(answer.headers.map(([name]) => name)).not.toContain("content-length");
  });

  it("are masked across chunks, and in compressed bodies also for a guest that decompresses itself", async () => {
    expect((await tool().fetch(a("/chunks"))).text).toBe(placeholder);
    const packed = await tool().fetch(a("/gzip"), { decompress: false, headers: [["Accept-Encoding", "gzip, exi"]] });
    expect(packed.text).toBe(`a ${placeholder} b`);
    expect(packed.headers.map(([name]) => name)).not.toContain("content-encoding");
    expect(seenHeader("accept-encoding")).toBe("gzip, deflate, br, zstd");
  });

  it("are not given in an encoding that cannot be read", async () => {
    await expect(tool().fetch(a("/unknown"))).rejects.toMatchObject({ code: "protocol" });
  });

  it("stand in no event, error or denial", async () => {
    const granted = tool({ secrets: [key(), { name: "OPEN", value: "exposed-value", hosts: [] }] });
    await granted.fetch(a(`/${placeholder}/exposed-value?key=${placeholder}`));
    await granted.fetch(`${internet.https("b.example")}/${encodeURIComponent(VALUE)}`);
    const error: unknown = await granted.fetch(`https://c.example/${URL_FORM}`).catch((caught: unknown) => caught);
    const told = JSON.stringify([granted.events, granted.denials, String(error)]);
    for (const form of [VALUE, URL_FORM, "exposed-value", "key="]) expect(told).not.toContain(form);
    expect(granted.events[0]).toMatchObject({ url: `${internet.https("a.example")}/${placeholder}/[OPEN]` });
  });
});
