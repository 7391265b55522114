import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { usePocketFixture } from "./pocket-fixture.ts";
import { writeTool } from "./tool-folder.ts";

const fixture = usePocketFixture();

describe("Pocket.invoke() of a local tool that is edited", () => {
  it("runs the new code at the next call, and mends itself after a broken state", async () => {
    await writeTool(join(fixture.cwd, "weather"));
    const pocket = fixture.open({ tools: ["./weather"] });
    expect(await pocket.invoke("weather", { city: "X" })).toMatchObject({ output: "sunny in X, metric" });

    await writeTool(join(fixture.cwd, "weather"), { code: 'process.stdout.write(require("./helper.js"));' });
    await writeFile(join(fixture.cwd, "weather/helper.js"), 'module.exports = "rainy";');
    expect(await pocket.invoke("weather", { city: "X" })).toMatchObject({ output: "rainy" });

    await writeFile(join(fixture.cwd, "weather/schema.json"), "{");
    await expect(pocket.invoke("weather", { city: "X" })).rejects.toMatchObject({ code: "ERR_POCKET_TOOL_BROKEN" });
    expect(await pocket.brokenTools()).toHaveLength(1);

    await writeFile(join(fixture.cwd, "weather/schema.json"), '{"type": "object"}');
    expect(await pocket.invoke("weather", {})).toMatchObject({ output: "rainy" });
    expect(await pocket.tools()).toMatchObject([{ inputSchema: { type: "object" } }]);

    await rm(join(fixture.cwd, "weather"), { recursive: true });
    await expect(pocket.invoke("weather", {})).rejects.toMatchObject({ code: "ERR_POCKET_TOOL_BROKEN" });
    await mkdir(join(fixture.cwd, "weather"));
    await writeTool(join(fixture.cwd, "weather"));
    expect(await pocket.invoke("weather", { city: "X" })).toMatchObject({ output: "sunny in X, metric" });
  });

  it("keeps the sandbox when nothing but times changed", async () => {
    await writeTool(join(fixture.cwd, "weather"));
    const pocket = fixture.open({ tools: ["./weather"] });
    await pocket.invoke("weather", { city: "X" });
    await writeTool(join(fixture.cwd, "weather"));
    await pocket.invoke("weather", { city: "X" });
    const [first, second] = fixture.invoker.runs.map(({ tool }) => tool);
    expect(second).toBe(first);
  });
});
