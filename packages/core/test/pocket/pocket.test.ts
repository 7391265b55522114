import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Pocket } from "../../src/pocket/pocket.ts";
import { fromFunction, fromLocal } from "../../src/tool-request.ts";
import { ADD, CountingPocket, usePocketFixture } from "./pocket-fixture.ts";
import { toolFiles, writeFiles, writeTool } from "./tool-folder.ts";

const fixture = usePocketFixture();

describe("Pocket.tools()", () => {
  it("tells name, description, schema, runtime, source, permissions and readme, in the order of the requests", async () => {
    await writeFiles(join(fixture.cwd, "weather"), {
      ...toolFiles({ config: '[permissions]\nnetwork = ["api.example"]' }),
      "README.md": "# Weather\n",
    });
    const tools = await fixture
      .open({
        tools: [ADD, fromLocal("./weather", { allow: { network: ["api.example:443"] } })],
      })
      .tools();
    expect(tools).toMatchObject([
      { name: "add", description: "Adds two numbers", runtime: "function", source: "function:add" },
      {
        name: "weather",
        description: "Tells the weather",
        inputSchema: { required: ["city"] },
        runtime: "node",
        source: "local:./weather",
        permissions: { asked: { network: ["api.example"] }, granted: { network: ["api.example:443"] } },
        readme: "# Weather\n",
      },
    ]);
  });
});

describe("Pocket and its invoker", () => {
  it("starts no invoker when the tool is a function", async () => {
    await using pocket = new CountingPocket({ cwd: fixture.cwd, tools: [ADD] });
    expect(await pocket.invoke("add", { a: 1, b: 2 })).toMatchObject({ status: "ok", value: 3 });
    expect(pocket.made).toHaveLength(0);
  });

  it("makes one invoker at the first call, however many come at once", async () => {
    await writeTool(join(fixture.cwd, "weather"));
    await using pocket = new CountingPocket({ cwd: fixture.cwd, tools: ["./weather"] });
    await pocket.load();
    expect(pocket.made).toHaveLength(0);
    await Promise.all(["a", "b", "c"].map((city) => pocket.invoke("weather", { city })));
    expect(pocket.made).toHaveLength(1);
    await pocket.close();
    expect(pocket.made[0]?.closed).toBe(true);
  });

  it("throws ERR_POCKET_INVOKER_MISSING when there is none and the tool needs one", async () => {
    await writeTool(join(fixture.cwd, "weather"));
    const pocket = new Pocket({ cwd: fixture.cwd, tools: ["./weather", ADD] });
    await expect(pocket.invoke("weather", { city: "x" })).rejects.toMatchObject({ code: "ERR_POCKET_INVOKER_MISSING" });
    expect(await pocket.invoke("add", { a: 1, b: 2 })).toMatchObject({ status: "ok" });
    await pocket.close();
  });
});

describe("Pocket.close()", () => {
  it("is idempotent, closes the invoker, and everything after throws ERR_POCKET_CLOSED", async () => {
    await writeTool(join(fixture.cwd, "weather"));
    const pocket = fixture.open({ tools: ["./weather"] });
    await pocket.invoke("weather", { city: "X" });
    await Promise.all([pocket.close(), pocket.close()]);
    await pocket[Symbol.asyncDispose]();
    expect(fixture.invoker.closed).toBe(true);
    const closed = { code: "ERR_POCKET_CLOSED" };
    await expect(pocket.load()).rejects.toMatchObject(closed);
    await expect(pocket.tools()).rejects.toMatchObject(closed);
    await expect(pocket.warm()).rejects.toMatchObject(closed);
    await expect(pocket.invoke("weather", { city: "X" })).rejects.toMatchObject(closed);
  });

  it("ends the calls that are under way, sandboxed ones and functions", async () => {
    await writeTool(join(fixture.cwd, "loop"), { name: "loop", code: "for (;;);", schema: { type: "object" } });
    const wait = fromFunction({
      name: "wait",
      description: "Waits",
      inputSchema: { type: "object" },
      run: async () => new Promise(() => {}),
    });
    const pocket = fixture.open({ tools: ["./loop", wait] });
    const calls = ["loop", "wait"].map((name) =>
      expect(pocket.invoke(name, {})).rejects.toMatchObject({ code: "ERR_POCKET_CLOSED" }),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    await pocket.close();
    await Promise.all(calls);
  });

  it("ends a load that is under way, and starts nothing, when it comes first", async () => {
    await writeTool(join(fixture.cwd, "weather"));
    const pocket = new CountingPocket({ cwd: fixture.cwd, tools: ["./weather"] });
    const call = expect(pocket.invoke("weather", { city: "X" })).rejects.toMatchObject({ code: "ERR_POCKET_CLOSED" });
    await pocket.close();
    await call;
    expect(pocket.made).toHaveLength(0);
  });
});
