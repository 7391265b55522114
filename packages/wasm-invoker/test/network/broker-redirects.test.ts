/** Redirects that the network broker follows, and what it drops on the way. */
import { describe, expect, it } from "vitest";
import { useBroker } from "./broker-tests.ts";

const broker = useBroker();
const { tool, seenHeader } = broker;

describe("createNetworkBroker(): redirects", () => {
  const to = (location: string, status = 302): string =>
    `${broker.internet.http("a.example")}/?status=${status}&to=${encodeURIComponent(location)}`;

  it("follows them, each checked, and gives the last URL", async () => {
    const answer = await tool().fetch(to(`${broker.internet.https("b.example")}/end#part`));
    expect(answer).toMatchObject({ status: 200, url: `${broker.internet.https("b.example")}/end`, redirected: true });
    expect(broker.internet.seen.map(({ host }) => host.split(":")[0])).toEqual(["a.example", "b.example"]);
  });

  it.each([
    ["a host that is not granted", () => broker.internet.http("c.example")],
    ["a private address", () => "http://169.254.169.254/latest/meta-data"],
    ["loopback", () => "http://localhost:22/"],
  ])("refuses one to %s", async (_what, location) => {
    const granted = tool();
    await expect(granted.fetch(to(location()))).rejects.toMatchObject({ code: "denied" });
    expect(granted.denials).toHaveLength(1);
    expect(broker.internet.seen).toHaveLength(1);
  });

  it.each(["file:///etc/passwd", "ftp://a.example/", "http://user:password@b.example/", "http://["])(
    "refuses one to %s",
    async (location) => {
      await expect(tool().fetch(to(location))).rejects.toMatchObject({ code: "protocol" });
    },
  );

  it.each([
    [301, "POST", "GET", ""],
    [302, "POST", "GET", ""],
    [303, "PUT", "GET", ""],
    [303, "HEAD", "HEAD", ""],
    [302, "PUT", "PUT", "data"],
    [307, "POST", "POST", "data"],
    [308, "POST", "POST", "data"],
  ])("makes of %i after %s a %s with body %j", async (status, method, next, body) => {
    const headers = [["Content-Type", "text/plain"]] as const;
    await tool().fetch(to("/end", status), { method, headers, body: method === "HEAD" ? "" : "data" });
    expect(broker.internet.seen.at(-1)).toMatchObject({ method: next, body });
    expect(seenHeader("content-type")).toBe(next === "GET" ? undefined : "text/plain");
  });

  it("drops what speaks to the first origin only", async () => {
    const headers = [
      ["Authorization", "Bearer x"],
      ["Cookie", "a=1"],
      ["X-Other", "kept"],
    ] as const;
    await tool().fetch(to("/same"), { headers });
    expect(seenHeader("authorization")).toBe("Bearer x");
    await tool().fetch(to(broker.internet.https("a.example")), { headers });
    expect([seenHeader("authorization"), seenHeader("cookie"), seenHeader("x-other")]).toEqual([
      undefined,
      undefined,
      "kept",
    ]);
  });

  it("hands the answer itself to whoever follows redirects alone, and fails for whoever wants none", async () => {
    const manual = await tool().fetch(to("/end"), { redirect: "manual" });
    expect(manual).toMatchObject({ status: 302, redirected: false, text: "moved" });
    await expect(tool().fetch(to("/end"), { redirect: "error" })).rejects.toMatchObject({ code: "protocol" });
  });

  it("ends a loop", async () => {
    const looping = tool({ resolve: async () => ["127.0.0.1"], limits: { maxRedirects: 3 } });
    const loop = `${broker.internet.http("a.example")}/?to=`;
    await expect(
      looping.fetch(`${loop}${encodeURIComponent("?to=%3Fto%3D%253Fto%253D%25253Fto%25253D")}`),
    ).rejects.toMatchObject({ code: "protocol", message: "the server redirects more than 3 times" });
  });
});
