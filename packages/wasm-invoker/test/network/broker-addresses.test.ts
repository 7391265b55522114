/** Which addresses the network broker reaches, whatever name or grant leads there. */
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useBroker } from "./broker-tests.ts";

const PRIVATE_ADDRESS = "127.0.0.2";
const broker = useBroker();
const { tool } = broker;

describe("createNetworkBroker(): addresses", () => {
  let inside: Server;
  let insidePort: number;
  let reached = 0;

  beforeAll(async () => {
    inside = createServer((_request, response) => {
      reached += 1;
      response.end("inside");
    });
    await new Promise<void>((resolve) => inside.listen(0, PRIVATE_ADDRESS, resolve));
    insidePort = (inside.address() as { port: number }).port;
  });
  afterAll(() => void inside.close());

  it.each([
    ["a name of a private address", () => `http://inside.example:${insidePort}`],
    ["a private address", () => `http://${PRIVATE_ADDRESS}:${insidePort}`],
    ["a decimal address", () => `http://2130706434:${insidePort}`],
    ["an octal address", () => `http://0177.0.0.02:${insidePort}`],
    ["a hexadecimal address", () => `http://0x7f.2:${insidePort}`],
    ["a mapped address", () => `http://[::ffff:127.0.0.2]:${insidePort}`],
    ["the unspecified address", () => `http://0.0.0.0:${insidePort}`],
    ["localhost", () => `http://localhost:${insidePort}`],
    ["localhost with a dot", () => `http://localhost.:${insidePort}`],
  ])("refuses %s under a grant of every host", async (_what, url) => {
    const granted = tool({ allow: ["*", `*:${insidePort}`], resolve: async () => [PRIVATE_ADDRESS] });
    await expect(granted.fetch(url())).rejects.toMatchObject({ code: "denied" });
    expect(granted.denials[0]).toMatchObject({
      kind: "network",
      message: expect.stringContaining("not on the public"),
    });
    expect(reached).toBe(0);
  });

  it("reaches a private address that is granted by name, and names that grant", async () => {
    const url = `http://inside.example:${insidePort}`;
    const resolve = async (): Promise<string[]> => [PRIVATE_ADDRESS];
    const public_ = tool({ allow: [url], resolve });
    await expect(public_.fetch(url)).rejects.toMatchObject({ code: "denied" });
    const grant = public_.denials[0]?.grant ?? "";
    expect(grant).toBe(`GET ${url} private`);
    expect((await tool({ allow: [grant], resolve }).fetch(url)).text).toBe("inside");
  });

  it.each(["10.0.0.1", "100.64.0.1", "169.254.169.254", "::ffff:127.0.0.2", "64:ff9b::7f00:2", "fd00:ec2::254", "::1"])(
    "refuses a public name at %s",
    async (address) => {
      const granted = tool({ resolve: async () => [address] });
      await expect(granted.fetch(broker.internet.http("a.example"))).rejects.toMatchObject({ code: "denied" });
    },
  );

  it("connects to the address that was checked, whatever a second lookup says", async () => {
    let lookups = 0;
    const rebinding = tool({
      allow: [`http://a.example:${insidePort}`, broker.internet.http("a.example")],
      resolve: async () => (++lookups === 1 ? ["127.0.0.1"] : [PRIVATE_ADDRESS]),
    });
    expect((await rebinding.fetch(broker.internet.http("a.example"))).status).toBe(200);
    expect(lookups).toBe(1);
    await expect(rebinding.fetch(broker.internet.http("a.example"))).rejects.toMatchObject({ code: "denied" });
    expect(reached).toBe(1);
  });

  it("leaves a private address out where a name has others too", async () => {
    const mixed = tool({ resolve: async () => [PRIVATE_ADDRESS, "127.0.0.1"] });
    expect((await mixed.fetch(broker.internet.http("a.example"))).status).toBe(200);
  });

  it("refuses an address that is denied, under every name", async () => {
    const denied = tool({ deny: [`127.0.0.1:${new URL(broker.internet.http("a.example")).port}`] });
    await expect(denied.fetch(broker.internet.http("a.example"))).rejects.toMatchObject({ code: "denied" });
    expect(denied.denials[0]).not.toHaveProperty("grant");
  });

  it("says dns where a name has no address", async () => {
    const resolve = (): Promise<never> => Promise.reject(new Error("ENOTFOUND"));
    await expect(tool({ resolve }).fetch(broker.internet.http("a.example"))).rejects.toMatchObject({ code: "dns" });
    const empty = tool({ resolve: async () => [] });
    await expect(empty.fetch(broker.internet.http("a.example"))).rejects.toMatchObject({ code: "dns" });
  });

  it("says unreachable where nobody listens, and tls where the certificate is for another name", async () => {
    const closed = tool({ allow: ["http://a.example:1"] });
    await expect(closed.fetch("http://a.example:1")).rejects.toMatchObject({ code: "unreachable" });
    const other = broker.internet.https("other.test");
    await expect(tool({ allow: [other] }).fetch(other)).rejects.toMatchObject({
      code: "tls",
      message: "the server's certificate is for another name",
    });
  });
});
