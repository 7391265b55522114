/** Encodings of bodies that the network broker undoes. */
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { encoded, text, useBroker } from "./broker-tests.ts";

const broker = useBroker();
const { tool, seenHeader } = broker;

describe("createNetworkBroker(): Content-Encoding", () => {
  it.each(Object.keys(encoded))("undoes %s, and says nothing more of it", async (encoding) => {
    const url = `${broker.internet.http("a.example")}/encoded?encoding=${encodeURIComponent(encoding)}`;
    const answer = await tool().fetch(url);
    expect(answer.text).toBe(text);
    expect(answer.headers.map(([name]) => name.toLowerCase())).not.toContain("content-encoding");
    expect(answer.headers.map(([name]) => name.toLowerCase())).not.toContain("content-length");
  });

  it("leaves it to a guest that undoes it itself", async () => {
    const url = `${broker.internet.http("a.example")}/encoded?encoding=gzip`;
    const answer = await tool().fetch(url, { decompress: false });
    expect(answer.body).toEqual(encoded["gzip"]);
    expect(answer.headers).toContainEqual(["content-encoding", "gzip"]);
    expect(seenHeader("accept-encoding")).toBe("identity");
  });

  it("says protocol where the bytes are not so encoded, and leaves what it does not know", async () => {
    encoded["zstd-raw"] = Buffer.from("no zstd at all");
    const url = `${broker.internet.http("a.example")}/encoded?encoding=`;
    await expect(tool().fetch(`${url}zstd-raw`)).rejects.toMatchObject({ code: "protocol" });
    encoded["lzma"] = Buffer.from("whatever");
    expect((await tool().fetch(`${url}lzma`)).text).toBe("whatever");
    encoded["gzip-raw"] = gzipSync(text).subarray(0, 40);
    await expect(tool().fetch(`${url}gzip-raw`)).rejects.toMatchObject({ code: "protocol" });
  });
});
